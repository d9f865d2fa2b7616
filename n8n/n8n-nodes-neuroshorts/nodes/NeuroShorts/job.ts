import { createHash } from 'node:crypto';

import type { IDataObject } from 'n8n-workflow';

/** Spellings under which a job may name whom to call. */
const CALLBACKS = ['webhook_url', 'webhookUrl', 'callback_url', 'callbackUrl', 'callback'];

/** Read a job as it was typed or as an expression gave it. */
export function jobOf(given: unknown): IDataObject {
	const job: unknown = typeof given === 'string' ? JSON.parse(given) : given;
	if (typeof job !== 'object' || job === null || Array.isArray(job)) {
		throw new TypeError('the job is not a JSON object: {"scenes": [{"text": "Hello!"}]} is one');
	}
	return job as IDataObject;
}

/** Have a job call this address, and no other, when it has ended. */
export function calledBack(job: IDataObject, url: string): IDataObject {
	const kept = Object.entries(job).filter(([name]) => !CALLBACKS.includes(name));
	return { ...Object.fromEntries(kept), webhook_url: url };
}

/** Name a request so that sending it again, as n8n does when it retries a node, makes no second job. */
export function keyOf(...parts: Array<string | number | IDataObject>): string {
	return `n8n-${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`;
}
