import type {
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { isOurs } from '../NeuroShorts/signature';

// eslint-disable-next-line @n8n/community-nodes/webhook-lifecycle-complete -- each job names whom to call: nothing is registered
export class NeuroShortsTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'NeuroShorts Trigger',
		name: 'neuroShortsTrigger',
		icon: { light: 'file:../../icons/neuroshorts.svg', dark: 'file:../../icons/neuroshorts.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["statuses"].join(", ") }}',
		description: 'Start when a job has ended whose webhook_url is this address',
		defaults: { name: 'NeuroShorts Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'neuroShortsApi', required: true }],
		webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' }],
		properties: [
			{
				displayName: 'Statuses',
				name: 'statuses',
				type: 'multiOptions',
				options: [
					{ name: 'Cancelled', value: 'cancelled' },
					{ name: 'Done', value: 'done' },
					{ name: 'Failed', value: 'failed' },
				],
				default: ['done', 'failed'],
				description: 'How a job must have ended',
			},
		],
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const { webhookSecret } = await this.getCredentials<{ webhookSecret?: string }>('neuroShortsApi');
		const header = this.getHeaderData()['x-neuroshorts-signature'];
		const { rawBody } = this.getRequestObject();
		if (!isOurs(webhookSecret ?? '', String(header), rawBody, Date.now() / 1000)) {
			const response = this.getResponseObject();
			response.status(401).json({ message: 'the signature is not that of the webhook secret' });
			return { noWebhookResponse: true };
		}
		const job = this.getBodyData();
		const wanted = this.getNodeParameter('statuses') as string[];
		return wanted.includes(String(job.status)) ? { workflowData: [[{ json: job }]] } : {};
	}
}
