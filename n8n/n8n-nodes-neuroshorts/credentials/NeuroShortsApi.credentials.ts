import type {
	IAuthenticateGeneric,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

/** Where NeuroShorts is, and who calls it. */
// The documentation has no public address yet.
// eslint-disable-next-line n8n-nodes-base/cred-class-field-documentation-url-missing
export class NeuroShortsApi implements ICredentialType {
	name = 'neuroShortsApi';

	displayName = 'NeuroShorts API';

	icon: Icon = {
		light: 'file:../icons/neuroshorts.svg',
		dark: 'file:../icons/neuroshorts.dark.svg',
	};

	properties: INodeProperties[] = [
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'http://api:8000',
			required: true,
			description: 'Where n8n reaches the API',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'What "neuroshorts keys create" prints',
		},
		{
			displayName: 'Webhook Secret',
			name: 'webhookSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'What "neuroshorts webhook-secret" prints. The trigger needs it; Render and Wait checks the call that resumes it when it is set.',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: {
			headers: {
				Authorization: '={{ $credentials.apiKey ? "Bearer " + $credentials.apiKey : undefined }}',
			},
		},
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.baseUrl }}',
			url: '/jobs',
			qs: { limit: 1 },
		},
	};
}
