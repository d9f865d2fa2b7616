"""x264 segments, the packet-level join, the poster, the inspection of the finished film."""
