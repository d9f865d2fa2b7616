/** An answer that is an error: a problem document of RFC 9457. */
export interface Problem {
	code: string;
	message: string;
	details: string;
}

interface Document {
	code?: string;
	detail?: string;
	problems?: Array<{ path: string; code: string; message: string }>;
}

/** Read what is wrong from an answer. */
export function problemOf(status: number, body: unknown): Problem {
	const document: Document = typeof body === 'object' && body !== null ? body : {};
	const lines = (document.problems ?? []).map(({ path, message }) => (path ? `${path}: ${message}` : message));
	return {
		code: document.code ?? `http_${status}`,
		message: document.detail ?? `NeuroShorts answered ${status}`,
		details: lines.join('\n'),
	};
}
