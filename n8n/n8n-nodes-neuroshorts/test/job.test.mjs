import assert from 'node:assert/strict';
import { test } from 'node:test';

import job from '../dist/nodes/NeuroShorts/job.js';
import problem from '../dist/nodes/NeuroShorts/problem.js';

const { calledBack, jobOf, keyOf } = job;
const { problemOf } = problem;

test('a job may be typed, or come from an expression', () => {
	assert.deepEqual(jobOf('{"scenes": []}'), { scenes: [] });
	assert.deepEqual(jobOf({ scenes: [] }), { scenes: [] });
});

test('what is not a JSON object is no job', () => {
	for (const given of ['[]', '3', 'null', '', '{', [], null, undefined]) {
		assert.throws(() => jobOf(given));
	}
});

test('a job that waits calls the execution, whomever else it names by any spelling', () => {
	const given = { id: 'row-1', callback: 'https://a.example', webhookUrl: 'https://b.example' };
	assert.deepEqual(calledBack(given, 'http://n8n/1'), { id: 'row-1', webhook_url: 'http://n8n/1' });
	assert.equal(given.callback, 'https://a.example');
});

test('the same request has the same key, and another one has another', () => {
	const key = keyOf('instance', '1', 'node', 0, 0, { scenes: [] });
	assert.equal(key, keyOf('instance', '1', 'node', 0, 0, { scenes: [] }));
	assert.notEqual(key, keyOf('instance', '1', 'node', 1, 0, { scenes: [] }));
	assert.match(key, /^[!-~]{1,255}$/);
});

test('an error tells its code, and each problem with its path', () => {
	const problems = [
		{ path: 'scenes[0].text', code: 'too_long', message: 'is too long' },
		{ path: '', code: 'empty', message: 'nothing is shown' },
	];
	assert.deepEqual(problemOf(422, { code: 'invalid_job', detail: 'the job is wrong', problems }), {
		code: 'invalid_job',
		message: 'the job is wrong',
		details: 'scenes[0].text: is too long\nnothing is shown',
	});
});

test('an error that is no problem document tells its status', () => {
	assert.deepEqual(problemOf(502, '<html>'), { code: 'http_502', message: 'NeuroShorts answered 502', details: '' });
});
