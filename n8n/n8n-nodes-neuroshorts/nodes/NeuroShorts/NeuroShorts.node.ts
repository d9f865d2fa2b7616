import type {
	IDataObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';

import { calledBack, jobOf, keyOf } from './job';
import { problemOf } from './problem';
import { isOurs } from './signature';

const HOUR_MS = 3_600_000;

type Request = Pick<IHttpRequestOptions, 'method' | 'url' | 'body' | 'headers'>;

// eslint-disable-next-line @n8n/community-nodes/webhook-lifecycle-complete -- each execution has an address of its own, given with the job: nothing is registered
export class NeuroShorts implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'NeuroShorts',
		name: 'neuroShorts',
		icon: { light: 'file:../../icons/neuroshorts.svg', dark: 'file:../../icons/neuroshorts.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] }}',
		description: 'Make a vertical short of a JSON job',
		defaults: { name: 'NeuroShorts' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [{ name: 'neuroShortsApi', required: true }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				path: '',
				restartWebhook: true,
				isFullPath: true,
			},
		],
		properties: [
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				options: [
					{
						name: 'Cancel Job',
						value: 'cancel',
						action: 'Cancel a job',
						description: 'End a job that is not wanted any more',
					},
					{
						name: 'Get Job',
						value: 'get',
						action: 'Get a job',
						description: 'Tell how a job is: its state, and its links or its error',
					},
					{
						name: 'Render',
						value: 'render',
						action: 'Render a short',
						description: 'Hand a job in and go on at once',
					},
					{
						name: 'Render and Wait',
						value: 'renderAndWait',
						action: 'Render a short and wait for it',
						description: 'Hand a job in and sleep until it has ended',
					},
				],
				default: 'renderAndWait',
			},
			{
				displayName: 'Job',
				name: 'job',
				type: 'json',
				displayOptions: { show: { operation: ['render', 'renderAndWait'] } },
				default: '{\n  "scenes": [{ "text": "Hello! This film was one line of JSON." }]\n}',
				required: true,
				description: 'What is to be made, as POST /render takes it',
			},
			{
				displayName: 'Wait at Most (Hours)',
				name: 'hours',
				type: 'number',
				displayOptions: { show: { operation: ['renderAndWait'] } },
				typeOptions: { minValue: 0.1 },
				default: 6,
				description:
					'After this time the workflow goes on with the item as it was before this node: it has no status then',
			},
			{
				displayName: 'Job ID',
				name: 'jobId',
				type: 'string',
				displayOptions: { show: { operation: ['cancel', 'get'] } },
				default: '={{ $json.id }}',
				required: true,
				description: 'The ID that Render gave',
			},
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = this.getInputData();
		if (this.getNodeParameter('operation', 0) === 'renderAndWait') {
			return await renderAndWait(this, items);
		}
		const results: INodeExecutionData[] = [];
		for (const index of items.keys()) {
			try {
				results.push({ json: await send(this, index, requestOf(this, index)), pairedItem: index });
			} catch (error) {
				if (!this.continueOnFail()) throw asNodeError(this, error, index);
				results.push({ json: { error: (error as Error).message }, pairedItem: index });
			}
		}
		return [results];
	}

	/** Go on when NeuroShorts tells that the job has ended. */
	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const { webhookSecret } = await this.getCredentials<{ webhookSecret?: string }>('neuroShortsApi');
		const header = this.getHeaderData()['x-neuroshorts-signature'];
		const { rawBody } = this.getRequestObject();
		if (webhookSecret && !isOurs(webhookSecret, String(header), rawBody, Date.now() / 1000)) {
			const response = this.getResponseObject();
			response.status(401).json({ message: 'the signature is not that of the webhook secret' });
			return { noWebhookResponse: true };
		}
		return { workflowData: [[{ json: this.getBodyData() }]] };
	}
}

async function renderAndWait(
	node: IExecuteFunctions,
	items: INodeExecutionData[],
): Promise<INodeExecutionData[][]> {
	if (items.length > 1) {
		throw new NodeOperationError(node.getNode(), 'Render and Wait takes one item at a time', {
			description: 'Put a Loop Over Items node before it, or use Render and ask with Get Job',
		});
	}
	const resumeUrl = String(node.evaluateExpression('{{ $execution.resumeUrl }}', 0));
	const until = new Date(Date.now() + Number(node.getNodeParameter('hours', 0)) * HOUR_MS);
	try {
		await send(node, 0, submissionOf(node, 0, resumeUrl));
	} catch (error) {
		if (!node.continueOnFail()) throw asNodeError(node, error, 0);
		return [[{ json: { error: (error as Error).message }, pairedItem: 0 }]];
	}
	await node.putExecutionToWait(until);
	return [items];
}

function requestOf(node: IExecuteFunctions, index: number): Request {
	const operation = node.getNodeParameter('operation', index);
	if (operation === 'render') return submissionOf(node, index);
	const id = encodeURIComponent(String(node.getNodeParameter('jobId', index)));
	return { method: operation === 'cancel' ? 'DELETE' : 'GET', url: `/jobs/${id}` };
}

function submissionOf(node: IExecuteFunctions, index: number, resumeUrl?: string): Request {
	const given = jobOf(node.getNodeParameter('job', index));
	const body = resumeUrl ? calledBack(given, resumeUrl) : given;
	const run = Number(node.evaluateExpression('{{ $runIndex }}', index));
	const place = [node.getInstanceId(), node.getExecutionId(), node.getNode().id, run, index];
	return { method: 'POST', url: '/render', body, headers: { 'Idempotency-Key': keyOf(...place, body) } };
}

async function send(node: IExecuteFunctions, index: number, request: Request): Promise<IDataObject> {
	const { baseUrl } = await node.getCredentials<{ baseUrl: string }>('neuroShortsApi', index);
	const answer = (await node.helpers.httpRequestWithAuthentication.call(node, 'neuroShortsApi', {
		...request,
		baseURL: baseUrl.replace(/\/+$/, ''),
		json: true,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
	})) as { statusCode: number; body: IDataObject };
	if (answer.statusCode < 400) return answer.body;
	const { code, message, details } = problemOf(answer.statusCode, answer.body);
	throw new NodeOperationError(node.getNode(), `${code}: ${message}`, {
		description: details,
		itemIndex: index,
	});
}

function asNodeError(node: IExecuteFunctions, error: unknown, index: number): Error {
	if (error instanceof NodeOperationError) return error;
	return new NodeOperationError(node.getNode(), error as Error, { itemIndex: index });
}
