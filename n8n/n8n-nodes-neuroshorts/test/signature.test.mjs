import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';

import signature from '../dist/nodes/NeuroShorts/signature.js';

const { FRESH_SECONDS, isOurs } = signature;

const SECRET = 'secret';
const BODY = Buffer.from('{"status": "done"}');
const NOW = 1_800_000_000;

function signed(body = BODY, secret = SECRET, at = NOW) {
	const digest = createHmac('sha256', secret).update(`${at}.`).update(body).digest('hex');
	return `t=${at},v1=${digest}`;
}

test('a call that was signed with the secret is ours', () => {
	assert.equal(isOurs(SECRET, signed(), BODY, NOW), true);
});

test('a call with another body, secret or time is not ours', () => {
	assert.equal(isOurs(SECRET, signed(Buffer.from('{}')), BODY, NOW), false);
	assert.equal(isOurs(SECRET, signed(BODY, 'other'), BODY, NOW), false);
	assert.equal(isOurs(SECRET, signed().replace(`t=${NOW}`, `t=${NOW + 1}`), BODY, NOW), false);
});

test('a call that is too old, or from too far ahead, is not ours', () => {
	assert.equal(isOurs(SECRET, signed(), BODY, NOW + FRESH_SECONDS), true);
	assert.equal(isOurs(SECRET, signed(), BODY, NOW + FRESH_SECONDS + 1), false);
	assert.equal(isOurs(SECRET, signed(), BODY, NOW - FRESH_SECONDS - 1), false);
});

test('a header that is no signature is refused, and so is a secret that is not set', () => {
	for (const header of [undefined, '', 'undefined', 't=,v1=', 't=1', `v1=${'0'.repeat(64)}`, 't=1,v1=zz', '=,=']) {
		assert.equal(isOurs(SECRET, header, BODY, NOW), false, header);
	}
	assert.equal(isOurs('', signed(BODY, ''), BODY, NOW), false);
});
