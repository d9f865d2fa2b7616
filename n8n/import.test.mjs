import assert from "node:assert/strict";
import { test } from "node:test";

import { apiUrlOf, credentialsOf, equipped, isCalled, pointedAt } from "./import.mjs";

const KEY = { NEUROSHORTS_API_KEY: "key" };

test("without a key nothing is imported, and it says how one is made", () => {
  assert.throws(() => credentialsOf({}), /neuroshorts keys create/);
});

test("the key is sent to the host of the API only", () => {
  const [{ data }] = credentialsOf({ ...KEY, NEUROSHORTS_API_URL: "http://films:8000/" });
  assert.deepEqual(data, {
    name: "Authorization",
    value: "Bearer key",
    allowedHttpRequestDomains: "domains",
    allowedDomains: "films",
  });
});

test("a broker is named by its URL, with what is escaped in it", () => {
  const data = (url) => credentialsOf({ ...KEY, NEUROSHORTS_BROKER_URL: url })[1].data;
  assert.deepEqual(data("amqp://n8n:p%40ss@rabbit:5673/films%2Fall"), {
    hostname: "rabbit",
    port: 5673,
    username: "n8n",
    password: "p@ss",
    vhost: "films/all",
    ssl: false,
  });
  assert.equal(data("amqp://a:b@rabbit").vhost, "/");
  assert.equal(data("amqp://a:b@rabbit/%2F").vhost, "/");
  assert.deepEqual([data("amqps://a:b@rabbit").port, data("amqps://a:b@rabbit").ssl], [5671, true]);
});

test("workflows whose credentials are missing are left out", () => {
  const plain = { nodes: [{}] };
  const queued = { nodes: [{ credentials: { rabbitmq: { id: "neuroshorts-rabbitmq" } } }] };
  const broker = { NEUROSHORTS_BROKER_URL: "amqp://a:b@rabbit" };
  assert.deepEqual(equipped([plain, queued], credentialsOf(KEY)), [plain]);
  assert.deepEqual(equipped([plain, queued], credentialsOf({ ...KEY, ...broker })), [plain, queued]);
});

test("a workflow is pointed at the API by its settings, and the original stays", () => {
  const fields = [{ name: "api", value: apiUrlOf({}) }, { name: "key", value: "1" }];
  const workflow = { nodes: [{ name: "Settings", parameters: { assignments: { assignments: fields } } }] };
  const [{ parameters }] = pointedAt(workflow, apiUrlOf({ NEUROSHORTS_API_URL: "https://films.example/" })).nodes;
  assert.deepEqual(parameters.assignments.assignments, [{ name: "api", value: "https://films.example" }, fields[1]]);
  assert.equal(fields[0].value, "http://api:8000");
});

test("only workflows that are called are published", () => {
  assert.equal(isCalled({ nodes: [{ type: "n8n-nodes-base.webhook" }] }), true);
  assert.equal(isCalled({ nodes: [{ type: "n8n-nodes-base.scheduleTrigger" }] }), false);
});
