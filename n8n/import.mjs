#!/usr/bin/env node
// Bring the workflows of this folder into n8n, with the credentials that they use. Run it before n8n starts, or
// restart n8n afterwards: a running n8n does not notice what is published from outside.
//
// Workflows that n8n has already are left alone, because somebody may have changed them; --replace brings back ours.
// Credentials follow the environment each time:
//
//   NEUROSHORTS_API_KEY     key for the API (neuroshorts keys create n8n)
//   NEUROSHORTS_API_URL     where the API is; http://api:8000
//   NEUROSHORTS_BROKER_URL  amqp://user:password@host:5672/vhost; without it, workflows for RabbitMQ are left out
//
// The environment of n8n itself (DB_*, N8N_ENCRYPTION_KEY, N8N_USER_FOLDER) must be that of the n8n that is served.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const DEFAULT_API_URL = "http://api:8000";
// Lists come through n8n's log: as plain text, on the console.
const TOLD = { N8N_LOG_LEVEL: "info", N8N_LOG_OUTPUT: "console", N8N_LOG_FORMAT: "text" };
const DEFAULT_PORTS = { "amqp:": 5672, "amqps:": 5671 };

class Refused extends Error {}

/** Name what workflows use, from the environment; what is not set is left out. */
export function credentialsOf(environment) {
  const { NEUROSHORTS_API_KEY: key, NEUROSHORTS_BROKER_URL: broker } = environment;
  if (!key) {
    throw new Refused("NEUROSHORTS_API_KEY is not set: make a key with `neuroshorts keys create n8n`");
  }
  return [apiKey(key, apiUrlOf(environment)), ...(broker ? [rabbitmq(new URL(broker))] : [])];
}

/** Tell where workflows find the API. */
export function apiUrlOf(environment) {
  return (environment.NEUROSHORTS_API_URL || DEFAULT_API_URL).replace(/\/+$/, "");
}

function apiKey(key, apiUrl) {
  const { hostname } = new URL(apiUrl);
  return {
    id: "neuroshorts-api-key",
    name: "NeuroShorts API key",
    type: "httpHeaderAuth",
    // The key goes to this host only, whatever a workflow calls with it.
    data: {
      name: "Authorization",
      value: `Bearer ${key}`,
      allowedHttpRequestDomains: "domains",
      allowedDomains: hostname,
    },
  };
}

function rabbitmq(url) {
  return {
    id: "neuroshorts-rabbitmq",
    name: "NeuroShorts RabbitMQ",
    type: "rabbitmq",
    data: {
      hostname: url.hostname,
      port: Number(url.port) || DEFAULT_PORTS[url.protocol],
      username: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      vhost: decodeURIComponent(url.pathname.slice(1)) || "/",
      ssl: url.protocol === "amqps:",
    },
  };
}

/** Keep the workflows whose credentials are there. */
export function equipped(workflows, credentials) {
  const there = new Set(credentials.map(({ id }) => id));
  return workflows.filter(({ nodes }) =>
    nodes.every((node) => Object.values(node.credentials ?? {}).every(({ id }) => there.has(id))),
  );
}

/** Point a workflow at the API: its node "Settings" tells where that is. */
export function pointedAt(workflow, apiUrl) {
  const copy = structuredClone(workflow);
  for (const node of copy.nodes.filter(({ name }) => name === "Settings")) {
    for (const field of node.parameters.assignments.assignments.filter(({ name }) => name === "api")) {
      field.value = apiUrl;
    }
  }
  return copy;
}

/** Tell whether a workflow waits to be called; one that runs by the clock is left to its user to publish. */
export function isCalled(workflow) {
  return workflow.nodes.some(({ type }) => type === "n8n-nodes-base.webhook");
}

function readWorkflows() {
  const folder = fileURLToPath(new URL("workflows/", import.meta.url));
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  return files.sort().map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")));
}

/** Run a command of n8n. Its exit code is 0 also when it failed: what it did has to be looked at. */
function n8n(...options) {
  const env = { ...process.env, ...TOLD };
  const done = spawnSync("n8n", options, { encoding: "utf8", env, stdio: ["ignore", "pipe", "pipe"] });
  if (done.error || done.status !== 0) {
    const reason = done.error?.message ?? `${done.stdout}${done.stderr}`.trim();
    throw new Refused(`n8n ${options[0]} did not work: ${reason}`);
  }
  return done.stdout + done.stderr;
}

function idsThere(...options) {
  return new Set(n8n("list:workflow", "--onlyId", ...options).split(/\s+/));
}

function expect(told, text, step) {
  if (!told.includes(text)) {
    throw new Refused(`${step} did not work: ${told.trim()}`);
  }
}

function importCredentials(credentials, folder) {
  const file = join(folder, "credentials.json");
  writeFileSync(file, JSON.stringify(credentials), { mode: 0o600 });
  const told = n8n("import:credentials", `--input=${file}`);
  expect(told, `imported ${credentials.length} credential`, "importing credentials");
}

function importWorkflows(workflows, folder) {
  const files = join(folder, "workflows");
  mkdirSync(files);
  for (const workflow of workflows) {
    writeFileSync(join(files, `${workflow.id}.json`), JSON.stringify(workflow));
  }
  const told = n8n("import:workflow", "--separate", `--input=${files}`);
  expect(told, `imported ${workflows.length} workflow`, "importing workflows");
}

function publish(workflows) {
  for (const { id } of workflows) {
    n8n("publish:workflow", `--id=${id}`);
  }
  const published = idsThere("--active=true");
  const missing = workflows.filter(({ id }) => !published.has(id)).map(({ name }) => name);
  if (missing.length) {
    throw new Refused(`not published: ${missing.join(", ")}`);
  }
}

function main(options, environment) {
  const credentials = credentialsOf(environment);
  const folder = mkdtempSync(join(tmpdir(), "n8n-import-"));
  try {
    importCredentials(credentials, folder);
    const there = options.includes("--replace") ? new Set() : idsThere();
    const wanted = equipped(readWorkflows(), credentials).filter(({ id }) => !there.has(id));
    if (wanted.length) {
      importWorkflows(wanted.map((workflow) => pointedAt(workflow, apiUrlOf(environment))), folder);
      publish(wanted.filter(isCalled));
    }
    console.log(`imported: ${wanted.map(({ name }) => name).join("; ") || "nothing new"}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    main(process.argv.slice(2), process.env);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
