import { createHmac, timingSafeEqual } from 'node:crypto';

/** Seconds by which a call may be older or newer than this machine's clock. */
export const FRESH_SECONDS = 300;

/** Tell whether a call comes from NeuroShorts: its body as it came, and the header that signs it. */
export function isOurs(
	secret: string,
	header: string | undefined,
	body: Buffer,
	nowSeconds: number,
): boolean {
	const { t, v1 } = fieldsOf(header ?? '');
	if (!secret || !/^\d+$/.test(t ?? '') || !/^[0-9a-f]{64}$/.test(v1 ?? '')) {
		return false;
	}
	const expected = createHmac('sha256', secret).update(`${t}.`).update(body).digest();
	const isFresh = Math.abs(nowSeconds - Number(t)) <= FRESH_SECONDS;
	return timingSafeEqual(Buffer.from(v1 ?? '', 'hex'), expected) && isFresh;
}

function fieldsOf(header: string): Record<string, string> {
	const pairs = header.split(',').map((part): [string, string] => {
		const at = part.indexOf('=');
		return [part.slice(0, at).trim(), part.slice(at + 1)];
	});
	return Object.fromEntries(pairs);
}
