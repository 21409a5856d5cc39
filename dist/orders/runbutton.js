// Made by Runbutton 0.1.0 from "units.yaml" for app 45 (orders), units: recalculate, load-sales, nightly.
// Do not edit: change units.yaml and run `runbutton build`.
(function() {
"use strict";
const SECOND = 1e3;
const LONGEST = 30 * SECOND;
const FIRST = 2 * SECOND;
function nextDelay(elapsed, usual) {
if (usual && elapsed < usual * 1.3) {
const close = Math.max(SECOND, usual * 0.05);
return Math.min(Math.max(usual * 0.8 - elapsed, close), LONGEST);
}
if (elapsed < 10 * SECOND) {
return Math.max(SECOND, elapsed / 4);
}
return Math.min(Math.max(5 * SECOND, elapsed * 0.06), LONGEST);
}
function backOff(lost) {
return Math.min(2 ** lost * SECOND, LONGEST);
}
const MOST_TEXT = 2e3;
const MOST_STEPS = 200;
function textOf(value) {
const isPlain = typeof value === "string" || typeof value === "number";
return isPlain ? String(value).slice(0, MOST_TEXT) : "";
}
const ENDS = ["succeeded", "failed", "canceled", "skipped"];
const FOLLOWED = ["queued", "running"];
const REST = ["unknown", ...ENDS];
const STATES = ["starting", ...FOLLOWED, ...REST];
const MOVES = {
begin: { from: [null, ...REST], to: ["starting"] },
wait: { from: ["starting"], to: ["starting"] },
accept: { from: ["starting", "unknown"], to: ["queued"] },
lose: { from: ["starting"], to: ["unknown"] },
beat: { from: FOLLOWED, to: FOLLOWED },
progress: { from: FOLLOWED, to: FOLLOWED },
end: { from: FOLLOWED, to: REST },
resume: { from: ["unknown"], to: ["running"] },
dismiss: { from: REST, to: REST }
};
const BLANK = {
steps: [],
link: null,
usual: null,
doubt: null,
before: null,
doing: null,
handle: null,
at: 0,
next: 0,
name: null,
times: null,
endedAt: null,
took: null,
problem: null,
offer: null,
dismissed: false
};
const IDLE = { ...BLANK, id: "", state: "idle", startedAt: null, deadline: 0, canResume: false };
function isBusy(state) {
return state === "confirming" || state === "starting" || state === "queued" || state === "running";
}
function isUnderWay(run) {
return run !== null && (run.state === "starting" || FOLLOWED.includes(run.state));
}
function isEnd(run) {
return run !== null && ENDS.includes(run.state);
}
function move(run, event, news) {
const { from, to } = MOVES[event];
const state = run?.state ?? null;
const next = { ...run, ...news };
if (!from.includes(state) || !to.includes(next.state)) {
throw new Error(`A run that is ${state} cannot ${event} and be ${next.state} then.`);
}
next.doing = isUnderWay(next) ? next.doing : null;
next.before = next.state === "starting" ? next.before : null;
next.handle = isEnd(next) ? null : next.handle;
return next;
}
const inUse = { happened: "krewdata.inUse", advice: "advice.retry" };
const notFound = { happened: "krewdata.notFound", advice: "krewdata.checkLog" };
const licence = { happened: "krewdata.licence", advice: "advice.admin" };
const disabled = { happened: "krewdata.disabled", advice: "krewdata.enable" };
const errorRows = {
"Illegal License": licence,
"The rate limit": disabled,
"Specified token has been created": { happened: "krewdata.tokenExpired", advice: "advice.retry" },
"Specified token has been used": { happened: "krewdata.tokenUsed", advice: "krewdata.checkLog" },
"Specified token is invalid": { happened: "krewdata.tokenInvalid", advice: "advice.retry" },
"Other User": inUse,
"Specified accessToken": notFound,
"Specified taskId": notFound
};
const SETTINGS_ERROR = RegExp(
"^(krewdataAppUrl |Specified (krewdataAppUrl|unit) is|Request (path|type) |serialNumber is|app \\(appId\\) is|\\w+ (request body schema is wrong|data type is wrong|is empty))"
);
const byCode = { 401: licence, 409: inUse, 429: disabled };
const noAnswer = { token: "krewdata.tokenLost", run: "krewdata.runLost", status: "krewdata.statusLost" };
function rowOf(description) {
return Object.entries(errorRows).find(([beginning]) => description.startsWith(beginning))?.[1];
}
function isDocumented(description) {
return Boolean(rowOf(description)) || SETTINGS_ERROR.test(description);
}
function errorText(path, description, code) {
if (description === null) {
return { happened: noAnswer[path], advice: path === "token" ? "advice.retry" : "advice.resume" };
}
return rowOf(description) ?? (path === "status" ? void 0 : byCode[code]) ?? {
happened: SETTINGS_ERROR.test(description) ? "krewdata.wrongSettings" : "krewdata.unknownRefusal",
advice: path === "status" ? "advice.resume" : "advice.admin"
};
}
function flowErrorText(code) {
if (code === "134") {
return inUse;
}
return { happened: code === "33" ? "krewdata.flowSettings" : "krewdata.flowFailed", advice: "advice.admin" };
}
const TASK_STATES = new Map([
["Queuing", "queued"],
["Running", "running"],
["Success", "succeeded"],
["Failure", "failed"]
]);
const FLOW_STATES = new Map([...TASK_STATES, ["Cancel", "canceled"]]);
const LONG_QUEUE = 3e4;
function codeOf(answer) {
const code = Number(answer.json?.code);
return code > 0 ? code : answer.status;
}
function isRefusal(answer) {
const code = codeOf(answer);
return code >= 400 && code < 500 && code !== 408;
}
function isSpent(answer) {
return descriptionOf(answer).startsWith("Specified token has been used");
}
function isCertain(answer) {
const description = descriptionOf(answer);
return description !== "" && !isSpent(answer) && (isDocumented(description) || codeOf(answer) !== 400);
}
function descriptionOf(answer) {
return textOf(answer.json?.description);
}
function describeRefusal(path, answer, ran, happened) {
const code = codeOf(answer);
return {
...errorText(path, isRefusal(answer) ? descriptionOf(answer) : null, code),
...happened && { happened },
...ran === "ran.maybe" && { advice: "krewdata.checkLog" },
ran,
code: code ? String(code) : "",
text: descriptionOf(answer) || answer.text
};
}
function standingOf(word, body, elapsed) {
const flows = Array.isArray(body.flowInfo) ? body.flowInfo.filter(Boolean) : [];
const steps = flowSteps(flows);
const state = TASK_STATES.get(word) ?? "running";
const doing = state === "queued" && elapsed > LONG_QUEUE ? "krewdata.longQueue" : null;
const standing = { state, steps, doing, ...!isBusy(state) && flowsTook(flows) };
return state === "failed" ? { ...standing, problem: failure(body, steps) } : standing;
}
function flowSteps(flows) {
const steps = flows.map((flow) => {
const took = millisecondsOf(flow.endTime) - millisecondsOf(flow.startTime);
return {
name: textOf(flow.flowName),
state: FLOW_STATES.get(flow.status) ?? "running",
...took >= 0 && { took }
};
});
const rest = steps.slice(MOST_STEPS);
const state = rest.every((step) => step.state === rest[0].state) ? rest[0]?.state : "running";
return rest.length ? [...steps.slice(0, MOST_STEPS), { name: "", state, more: rest.length }] : steps;
}
function millisecondsOf(text) {
const given = textOf(text);
return Date.parse(`${given.replace(" ", "T")}Z`) || Date.parse(given);
}
function flowsTook(flows) {
const times = (key) => flows.map((flow) => millisecondsOf(flow[key])).filter(Boolean);
const took = Math.max(...times("endTime")) - Math.min(...times("startTime"));
return took >= 0 ? { took } : {};
}
function failure(body, steps) {
const code = textOf(body.errorCode);
const nothingRan = steps.length > 0 && steps.every((step) => step.state === "canceled");
return {
...flowErrorText(code),
ran: nothingRan ? "ran.nothing" : "krewdata.partly",
code,
text: textOf(body.errorMessage)
};
}
const TOKEN_LIFE = 10 * 60 * 1e3;
const TOKEN_MARGIN = 30 * 1e3;
const REPEATS = 2;
const LIMIT = {
starts: 4,
within: 60 * 1e3,
address: ({ url }) => url.replace(/^https:\/\/[^/]+/, "")
};
const krewdata = {
names: ["krewdata"],
title: "krewData",
refuse: refuseRecord,
start: startExecutionUnit,
status: taskStatus,
sends: (unit) => unit.record === "none" ? [] : unit.record,
limit: LIMIT
};
function refuseRecord(unit, shown) {
const absent = Array.isArray(unit.record) ? unit.record.filter((code) => !Object.hasOwn(shown.record, code)) : [];
return absent.length ? {
happened: "krewdata.fieldAbsent",
values: { fields: absent.join(", ") },
ran: "ran.nothing",
advice: "advice.setUp"
} : null;
}
async function startExecutionUnit(call) {
const token = await freshToken(call);
if ("problem" in token) {
return token;
}
const problem = call.take();
if (problem) {
return { state: "failed", problem };
}
const { accessToken } = token;
const body = {
accessToken,
user: call.user.code,
appId: String(call.shown.appId),
...recordParameter(call.unit, call.shown.record)
};
for (let lost = 0; ; ) {
const answer = await post(call, "run", JSON.stringify(body));
if (codeOf(answer) === 200 && typeof answer.json?.taskId === "string") {
return { handle: { accessToken, taskId: answer.json.taskId } };
}
if (isRefusal(answer) && !lost) {
return isCertain(answer) ? { state: "failed", problem: describeRefusal("run", answer, "ran.nothing") } : { state: "unknown", problem: describeRefusal("run", answer, "ran.maybe") };
}
if (answer.notSent && !lost) {
return { state: "failed", problem: describeRefusal("token", answer, "ran.nothing") };
}
lost += 1;
if (isRefusal(answer) || lost > REPEATS) {
const happened = isSpent(answer) ? void 0 : "krewdata.runLost";
return { state: "unknown", problem: describeRefusal("run", answer, "ran.maybe", happened) };
}
await call.clock.sleep(backOff(lost));
}
}
async function freshToken(call) {
for (let left = 3; ; left--) {
const askedAt = call.clock.now();
const answer = await post(call, "token", tokenBody(call.unit));
if (codeOf(answer) !== 200 || typeof answer.json?.accessToken !== "string") {
return { state: "failed", problem: describeRefusal("token", answer, "ran.nothing") };
}
if (left === 1 || call.clock.now() - askedAt < TOKEN_LIFE - TOKEN_MARGIN) {
return { accessToken: answer.json.accessToken };
}
}
}
function tokenBody({ krewdataAppUrl, serialNumber }) {
return serialNumber ? JSON.stringify({ krewdataAppUrl, serialNumber }) : {};
}
async function taskStatus(call, { accessToken, taskId }) {
const answer = await post(call, "status", JSON.stringify({ accessToken, taskId }));
const word = answer.json?.taskStatus;
if (codeOf(answer) !== 200 || typeof word !== "string") {
return { problem: describeRefusal("status", answer, "ran.underWay"), again: !isRefusal(answer) };
}
return standingOf(word, answer.json ?? {}, call.clock.now() - call.startedAt);
}
function post(call, path, body) {
const headers = { "Content-Type": "application/json;charset=UTF-8" };
const url = `${call.unit.url}/${path}`;
return call.ask("POST", url, headers, body, typeof body === "object");
}
function recordParameter(unit, record) {
if (unit.record === "none") {
return {};
}
const codes = unit.record === "all" ? Object.keys(record) : unit.record;
const fields = codes.map((code) => [code, { type: record[code].type, value: record[code].value }]);
return { record: Object.fromEntries(fields) };
}
const fieldProblems = {
absent: { happened: "trocco.fieldAbsent", advice: "advice.setUp" },
noText: { happened: "trocco.fieldNoText", advice: "advice.setUp" },
empty: { happened: "trocco.fieldEmpty", advice: "advice.record" },
noTime: { happened: "trocco.fieldNoTime", advice: "advice.record" }
};
const otherDefinition = { happened: "trocco.otherDefinition", advice: "advice.admin" };
const jobOutcomes = {
error: { happened: "trocco.error", ran: "trocco.partly", advice: "trocco.errorAdvice" },
canceled: { happened: "trocco.canceled", ran: "trocco.partly", advice: "trocco.canceledAdvice" },
skipped: { happened: "trocco.skipped", ran: "ran.nothing", advice: "trocco.skippedAdvice" }
};
const jobRefusals = {
400: { happened: "trocco.wrongSettings", advice: "advice.admin" },
401: { happened: "trocco.unauthorized", advice: "trocco.unauthorizedAdvice" },
403: { happened: "trocco.forbidden", advice: "advice.admin" },
404: { happened: "trocco.wrongSettings", advice: "advice.admin" },
422: { happened: "trocco.unusableValue", advice: "advice.admin" },
429: { happened: "trocco.tooManyCalls", advice: "trocco.tooManyCallsAdvice" }
};
const lostAnswers = {
notSent: { happened: "trocco.notSent", advice: "advice.retry" },
startLost: { happened: "trocco.startLost", advice: "trocco.startLostAdvice" },
statusLost: { happened: "trocco.statusLost", advice: "advice.resume" }
};
function jobErrorText(status, stage) {
const lost = lostAnswers[stage];
if (lost) {
return lost;
}
if (stage === "statusRefused" && (status === 401 || status === 403)) {
return { happened: "trocco.unreadable", advice: "advice.admin" };
}
return jobRefusals[status] ?? { happened: "trocco.unknownRefusal", advice: "advice.admin" };
}
const SCARCE = 0.2;
const LONGEST_WAIT = 10 * 60 * 1e3;
function jobId(id) {
return (typeof id === "number" || typeof id === "string") && /^\d+$/.test(String(id)) ? id : null;
}
function isSuccess({ status }) {
return status >= 200 && status < 300;
}
function refusesJob({ status }) {
return status >= 400 && status < 500 && status !== 408;
}
function headerOf({ headers }, name) {
return Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
}
function waitForRequests(answer, now) {
const [limit, remaining, reset] = ["limit", "remaining", "reset"].map(
(name) => Number(headerOf(answer, `x-rate-limit-${name}`))
);
const untilReset = Math.min(Math.max(reset * 1e3 + 1e3 - now, 0) || 0, LONGEST_WAIT);
if (answer.status === 429) {
return untilReset || 6e4;
}
return remaining < limit * SCARCE ? untilReset / (Math.max(remaining, 0) + 1) : 0;
}
function describeJobError(answer, stage) {
return {
...jobErrorText(answer.status, stage),
code: answer.status ? String(answer.status) : "",
text: errorTextOf(answer)
};
}
function errorTextOf({ json, text }) {
const errors = Array.isArray(json?.errors) ? json.errors : [];
const lines = [
textOf(json?.error) || textOf(json?.message),
...errors.map((one) => [textOf(one?.attribute), textOf(one?.message)].filter(Boolean).join(": "))
];
return textOf(lines.filter(Boolean).join("\n")) || text;
}
function timeOf(text) {
return typeof text === "string" ? Date.parse(text) || null : null;
}
const MINUTE = 60 * 1e3;
const HOUR = 60 * MINUTE;
function spoken(milliseconds, say) {
const total = Math.max(0, Math.round(milliseconds / 1e3));
const parts = [
["page.hours", Math.floor(total / 3600)],
["page.minutes", Math.floor(total / 60) % 60],
["page.seconds", total < 3600 ? total % 60 : 0]
];
const said = parts.filter(([, n]) => n).map(([text, n]) => say(text, { n }));
return said.join(say("page.space")) || say("page.seconds", { n: 0 });
}
function roughly(milliseconds, say) {
const unit = milliseconds < MINUTE && 1e3 || milliseconds < HOUR && MINUTE || 10 * MINUTE;
return spoken(Math.round(milliseconds / unit) * unit, say);
}
function clockFace(milliseconds) {
const face = new Date(Math.max(0, milliseconds)).toISOString().slice(11, 19);
return face.replace(/^0(0:0?)?/, "");
}
function moment(at, timeZone) {
return localTime(at, timeZone, { dateStyle: "short", timeStyle: "short" });
}
function localTime(at, timeZone, options) {
try {
return new Date(at).toLocaleString("sv-SE", { ...options, timeZone });
} catch {
return new Date(at).toLocaleString("sv-SE", options);
}
}
const TIMES = ["DATETIME", "CREATED_TIME", "UPDATED_TIME"];
const NO_TEXT = ["SUBTABLE", "FILE"];
function fieldText({ type, value }, timeZone) {
if (NO_TEXT.includes(type)) {
return null;
}
if (TIMES.includes(type) && value) {
return localTime(
value,
timeZone
);
}
return [value].flat().map((part) => typeof part === "object" ? part?.code : part).join(",");
}
const DEFAULT_ZONE = "Asia/Tokyo";
function jobBody({ customVariables = [], contextTime, timeZone }, record) {
const zone = timeZone ?? DEFAULT_ZONE;
let problem;
const textOf2 = (source, isTime) => {
if (source.field === void 0) {
return source.value;
}
const field = Object.hasOwn(record, source.field) ? record[source.field] : void 0;
let text = field ? fieldText(field, zone) : null;
if (isTime && field?.type === "DATE" && text) {
text += " 00:00:00";
}
if (text === "" && source.default !== void 0) {
return source.default;
}
const wrong = !field && fieldProblems.absent || text === null && fieldProblems.noText || text === "" && fieldProblems.empty || isTime && !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(String(text)) && fieldProblems.noTime;
if (wrong) {
problem ??= { ...wrong, values: { field: source.field }, ran: "ran.nothing" };
}
return text;
};
return {
body: {
...contextTime && { context_time: typeof contextTime === "string" ? contextTime : textOf2(contextTime, true) },
...timeZone && { time_zone: timeZone },
...customVariables.length && {
custom_variables: customVariables.map((variable) => ({ name: variable.name, value: textOf2(variable, false) }))
}
},
problem
};
}
function variableFields({ customVariables = [], contextTime }) {
const sources = [...customVariables, ...typeof contextTime === "object" ? [contextTime] : []];
return [...new Set(sources.flatMap(({ field }) => field ?? []))];
}
const KINDS = {
"trocco-job": {
path: "jobs",
parameter: "job_definition_id",
name: "job_definition_name",
definitions: "job_definitions"
},
"trocco-workflow": { path: "pipeline_jobs", parameter: "pipeline_definition_id", name: "name" }
};
const JOB_STATES = new Map([
["queued", "queued"],
["succeeded", "succeeded"],
["error", "failed"],
["canceled", "canceled"],
["skipped", "skipped"]
]);
const DOING = new Map([
["queued", "trocco.queued"],
["setting_up", "trocco.settingUp"],
["interrupting", "trocco.interrupting"],
["retry_waiting", "trocco.retryWaiting"]
]);
const LOOKS = [2e3, 1e4];
const SKEW = 5e3;
const trocco = {
names: Object.keys(KINDS),
title: "TROCCO",
refuse: (unit, shown) => jobBody(unit, shown.record).problem ?? null,
start: startJob,
status: jobStatus,
sends: variableFields,
link: (unit, handle) => handle ? { href: `${unit.baseUrl}/${KINDS[unit.service].path}/${handle.id}`, words: "trocco.openJob" } : { href: unit.baseUrl, words: "trocco.openTrocco" }
};
async function startJob(call) {
const { unit, shown, ask } = call;
const { path, parameter } = KINDS[unit.service];
const url = `${unit.baseUrl}/api/${path}?${parameter}=${unit.definitionId}${unit.apiKey ? "" : "&"}`;
const body = JSON.stringify(jobBody(unit, shown.record).body);
const answer = await ask("POST", url, { ...keyHeader(unit), "Content-Type": "application/json" }, body, !unit.apiKey);
if (isSuccess(answer) && isOther(unit, answer.json)) {
return { state: "unknown", problem: { ...otherDefinition, ran: "ran.maybe" } };
}
const id = jobId(answer.json?.id);
if (isSuccess(answer) && id !== null) {
return { handle: { id } };
}
if (answer.notSent) {
return { state: "failed", problem: { ...describeJobError(answer, "notSent"), ran: "ran.nothing" } };
}
return refusesJob(answer) ? { state: "failed", problem: { ...describeJobError(answer, "startRefused"), ran: "ran.nothing" } } : {
state: "unknown",
problem: { ...describeJobError(answer, "startLost"), ran: "ran.maybe" },
found: await findJob(call)
};
}
async function findJob({ unit, ask, clock, startedAt }) {
const { definitions } = KINDS[unit.service];
for (const look of definitions ? LOOKS : []) {
await clock.sleep(look);
const url = `${unit.baseUrl}/api/${definitions}/${unit.definitionId}/jobs?limit=20`;
const askedAt = clock.now();
const answer = await ask("GET", url, keyHeader(unit), "", !unit.apiKey);
const ahead = (Date.parse(headerOf(answer, "date") ?? "") || clock.now()) - clock.now();
const isUsable = isSuccess(answer) && clock.now() - askedAt <= SKEW;
const items = isUsable && Array.isArray(answer.json?.items) ? answer.json.items : [];
const jobs = items.map((item) => ({ handle: { id: jobId(item?.id) ?? "" }, at: (timeOf(item?.created_at) ?? 0) - ahead, item })).filter(({ handle, at, item }) => handle.id && at >= startedAt - SKEW && !isOther(unit, item));
if (jobs.length) {
const [{ handle, at }] = jobs;
const offer = { at, words: "trocco.offer", follow: "trocco.follow" };
return jobs.length === 1 ? { handle, offer } : null;
}
}
return null;
}
function isOther({ service, definitionId }, job) {
const id = job?.[KINDS[service].parameter];
return id !== void 0 && id !== null && String(id) !== String(definitionId);
}
async function jobStatus({ unit, ask, clock }, handle) {
const answer = await ask(
"GET",
`${unit.baseUrl}/api/${KINDS[unit.service].path}/${handle.id}`,
keyHeader(unit),
"",
!unit.apiKey
);
const wait = waitForRequests(answer, clock.now());
const status = answer.json?.status;
if (answer.status === 429) {
return { state: "running", steps: [], doing: "trocco.busy", wait };
}
if (!isSuccess(answer) || typeof status !== "string") {
const again = !refusesJob(answer);
const problem = describeJobError(answer, again ? "statusLost" : "statusRefused");
return { problem: { ...problem, ran: "ran.underWay" }, again };
}
if (isOther(unit, answer.json)) {
return { problem: { ...otherDefinition, ran: "ran.underWay" }, again: false };
}
const word = status.toLowerCase();
const state = JOB_STATES.get(word) ?? "running";
const outcome = JOB_STATES.has(word) ? jobOutcomes[word] : void 0;
const text = textOf(answer.json?.[KINDS[unit.service].name]);
const started = timeOf(answer.json?.started_at);
const finished = timeOf(answer.json?.finished_at);
return {
state,
steps: [],
doing: DOING.get(word) ?? null,
name: text ? { text, words: "trocco.job" } : null,
wait,
times: { started, finished },
...started && finished && finished >= started && { took: finished - started },
...outcome && { problem: { ...outcome, code: status } }
};
}
function keyHeader({ apiKey }) {
return apiKey ? { Authorization: `Token ${apiKey}`, Accept: "application/json" } : { Accept: "application/json" };
}
const DRAWN = ["svg", "circle", "path"];
function h(tag, props, ...children) {
const space = DRAWN.includes(tag) ? "http://www.w3.org/2000/svg" : "http://www.w3.org/1999/xhtml";
const element = (
document.createElementNS(space, tag)
);
for (const [name, value] of Object.entries(props ?? {})) {
if (name.startsWith("on")) {
element.addEventListener(
name.slice(2).toLowerCase(),
value
);
} else if ((value ?? false) !== false) {
element.setAttribute(name, String(value));
}
}
const parts = (
children.flat().filter(Boolean)
);
element.append(...parts);
return element;
}
const PATHS = {
starting: "M10 1a9 9 0 0 1 9 9",
running: "M10 1a9 9 0 0 1 9 9",
queued: "M10 6v4l3 2",
succeeded: "M6 10.5l3 3 5.5-6.5",
failed: "M7 7l6 6M13 7l-6 6",
canceled: "M8 8h4v4h-4z",
skipped: "M6 10h8",
unknown: "M7.5 8a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M10 14.4v.2",
open: "M5 8l5 5 5-5",
close: "M5 5l10 10M15 5l-10 10",
renew: "M16 10a6 6 0 1 1-1.8-4.2M16 3v4h-4"
};
function icon(name) {
return h("svg", { class: `rb-icon rb-icon-${name}`, viewBox: "0 0 20 20", "aria-hidden": "true" }, h("circle", { cx: "10", cy: "10", r: "9" }), h("path", { d: PATHS[name] }));
}
function statusLine(view, say) {
const line = stateWords(view, say);
if (view.state === "succeeded" && view.took !== null) {
return say("page.doneIn", { line, time: spoken(view.took, say) });
}
return view.problem ? say("page.because", { line, problem: say(view.problem.happened, view.problem.values) }) : line;
}
function stateWords(view, say) {
const state = (
view.state
);
return say(view.doing ?? (view.state === "failed" && ranNothing(view) ? "page.couldNotRun" : `states.${state}`));
}
function ranNothing({ state, problem }) {
return (state === "failed" || state === "skipped") && problem?.ran === "ran.nothing";
}
function stepName({ name, more }, say) {
return more ? say("page.moreSteps", { n: more }) : name;
}
const UNITS = (
[
["day", 86400],
["hour", 3600],
["minute", 60],
["second", 1]
]
);
function lastRunOf(run, say, timeZone, now) {
if (!run || run.endedAt === null || ranNothing(run)) {
return null;
}
const { took } = run;
const state = (
run.state
);
const ended = run.times?.finished ?? run.endedAt;
const word = say(`last.${state}`);
const line = say("page.last", { time: moment(ended, timeZone), word });
const seconds = Math.max(0, (now - ended) / 1e3);
const [unit, size] = UNITS.find((one) => seconds >= one[1]) ?? UNITS[3];
const format = new Intl.RelativeTimeFormat(say("page.language"), { numeric: "auto" });
const ago = format.format(-Math.floor(seconds / size), unit).replaceAll(" ", say("page.space"));
return {
state,
short: (run.state === "succeeded" ? "" : `${word} \xB7 `) + ago,
whole: took === null ? line : say("page.doneIn", { line, time: spoken(took, say) })
};
}
function barOf({ state, steps, usual }, at, count, label, say) {
const done = state === "succeeded";
const whole = usual && state === "running" ? "timed" : state;
return h(
"span",
{
class: "rb-bar",
role: "progressbar",
"aria-label": label,
"aria-valuemax": count || 1,
"aria-valuenow": done ? count || 1 : count > 0 && steps.filter((step) => step.state === "succeeded").length,
"aria-valuetext": at >= 0 && `${at + 1}/${count} ${stepName(steps[at], say)}`
},
(steps.length ? steps.map((step) => done ? state : step.state) : [whole]).map((word) => h("i", { class: `rb-${word}` }))
);
}
function detailsOf(view, { say, timeZone, noteOf }, link) {
const { problem, steps } = view;
const when = whenLine(view, say, timeZone);
const note = noteOf?.(view.id);
const own = [problem?.code, problem?.text].filter(Boolean).join(" ");
return h("div", null, when && h("div", { class: "rb-when" }, when), steps.length > 0 && h("ol", { class: "rb-steps" }, steps.map((step) => h("li", { "data-step": step.state }, icon(step.state === "canceled" ? "skipped" : step.state), h("span", { class: "rb-name" }, stepName(step, say)), h("span", { class: "rb-word" }, say(`steps.${step.state}`), " ", step.took !== void 0 && spoken(step.took, say))))), own && ownWords(own, say), note && h("div", null, note), link && h("div", { class: "rb-do" }, link));
}
function whenLine(view, say, timeZone) {
const { startedAt, endedAt, state, name, times } = view;
const end = state !== "unknown" && (times?.finished ?? endedAt);
const ran = !ranNothing(view);
return [
ran && say("page.started", { time: moment(Number(startedAt), timeZone) }),
ran && end && say("page.finished", { time: moment(end, timeZone) }),
name && say(name.words, { name: name.text })
].filter(Boolean).join(" \xB7 ");
}
function ownWords(own, say) {
const words = h("pre", { tabindex: "0" }, own);
const copied = h("span", { "aria-live": "polite" });
const copy = async () => {
try {
await navigator.clipboard.writeText(own);
copied.textContent = say("page.copied");
} catch {
getSelection()?.selectAllChildren(words);
}
};
return h("div", null, words, h("div", { class: "rb-do" }, h("button", { type: "button", onClick: copy }, say("page.copy")), copied));
}
const FULLEST = 95;
function createLine(element, label, shownAt, run, face) {
const { say, clock, timeZone, renew } = face;
const title = say("page.detailsOf", { label });
let body = h("div", null);
const details = h("div", { class: "rb-details", role: "group", "aria-label": title, tabindex: "0", hidden: true });
const more = h(
"button",
{
type: "button",
class: "rb-more",
"aria-label": title,
"aria-expanded": "false",
onClick: () => fold(!details.hidden)
},
h("span", null, say("page.details")),
icon("open")
);
const close = h("button", { type: "button", class: "rb-close", "aria-label": say("page.close"), onClick: run.dismiss }, icon("close"));
element.append(body, more, details, close);
element.addEventListener("keydown", ({ key }) => key === "Escape" && fold(true));
element.addEventListener("focusout", leave);
let shown = "";
let shownRun = "";
let stopTicking = () => {
};
function fold(folded, hasFocus = true) {
if (details.hidden !== folded) {
details.hidden = folded;
more.setAttribute("aria-expanded", String(!folded));
if (hasFocus) {
(folded ? more : details).focus({ preventScroll: true });
}
}
}
function leave({ relatedTarget }) {
if (!element.contains(
relatedTarget
) && document.hasFocus()) {
fold(true, !relatedTarget);
}
}
function update(view) {
const { state, startedAt, steps, problem, offer, link, usual, took } = view;
const known = shown;
shown = JSON.stringify({ ...view, at: 0, next: 0, note: face.noteOf?.(view.id) });
if (shown === known) {
return;
}
stopTicking();
element.hidden = startedAt === null;
if (element.hidden || shownRun !== view.id) {
shownRun = view.id;
fold(true);
}
if (startedAt === null) {
return;
}
const busy = isBusy(state);
const done = state === "succeeded";
const isTold = Boolean(problem || offer || !(busy || done));
element.className = isTold ? "rb-line rb-told" : "rb-line";
element.dataset.tone = state;
close.hidden = busy || view.canResume;
const at = steps.findIndex((step) => step.state === "running");
const count = steps.reduce((sum, { more: n = 1 }) => sum + n, 0);
const time = h("span", { class: "rb-time" });
const advice = h("span", null);
const bar = barOf(view, at, count, label, say);
const open = link && h("a", { target: "_blank", rel: "noopener noreferrer", href: link.href }, say(link.words));
const next = h("div", { class: "rb-body" }, icon(state), isTold ? sentences() : row());
body.replaceWith(next);
body = next;
if (!isTold) {
next.after(more);
}
const facts = detailsOf(view, face, isTold ? null : open);
details.replaceChildren(facts);
more.hidden = !facts.firstChild;
if (busy || problem?.until) {
stopTicking = clock.every(1e3, tick);
}
tick();
function tick() {
const now = clock.now();
const elapsed = now - Number(startedAt);
time.textContent = clockFace(elapsed);
bar.style.setProperty("--rb-part", `${Math.min(100 * elapsed / Number(usual), FULLEST)}%`);
if (problem) {
const seconds = Math.ceil((Number(problem.until) - now) / 1e3);
advice.textContent = seconds <= 0 ? say("page.again") : say(problem.advice, { ...problem.values, seconds });
}
if (!element.isConnected) {
stopTicking();
}
}
function names() {
return [
h("span", { class: "rb-label", title: label }, label),
h("b", { class: "rb-state" }, stateWords(view, say))
];
}
function row() {
const flow = busy && at >= 0 && stepName(steps[at], say);
const isOld = done && Number(view.endedAt) > shownAt;
if (isOld) {
document.querySelectorAll(".rb-renew").forEach((other) => other.remove());
}
return [
...names(),
flow && h("span", { class: "rb-n" }, `${at + 1}/${count}`),
flow && h("span", { class: "rb-flow", title: flow }, flow),
bar,
busy && time,
busy && usual !== null && h("span", { class: "rb-usual" }, say("page.usual", { time: roughly(usual, say) })),
done && took !== null && h("span", null, spoken(took, say)),
isOld && renew && h("button", { type: "button", class: "rb-renew", "aria-label": say("page.renew"), onClick: renew }, icon("renew"), h("span", null, say("page.renew")))
];
}
function sentences() {
const resume = view.canResume && h("button", { type: "button", class: "rb-first", onClick: run.resume }, say(offer?.follow ?? "page.resume"));
const told = [
problem && say(problem.happened, problem.values),
problem?.ran && !ranNothing(view) && say(problem.ran),
offer && say(offer.words, { time: moment(offer.at, timeZone) })
].filter(Boolean);
const space = say("page.space");
return h("div", { class: "rb-say" }, names().flatMap((part) => [part, " "]), told.map((sentence) => sentence + space), advice, " ", more, (resume || open) && h("div", { class: "rb-do" }, resume, open));
}
}
return { update, open: () => fold(false) };
}
const RETOLD = 60 * 1e3;
function createButton(unit, run, face, click) {
const { id, label, isPrimary, record } = unit;
const { say, clock, timeZone, source } = face;
const row = h("li", { class: "rb-line", "data-line": id, "data-source": source, tabindex: "-1", hidden: true });
const shownAt = clock.now();
let line;
const words = h("span", null, label);
const button = h("button", { type: "button", class: "rb-run", onClick: () => isBusy(run.view().state) ? line?.open() : click() }, words);
const last = h("div", { class: "rb-last", hidden: true });
const status = h("span", { class: "rb-sr", role: "status" });
const element = h("div", { class: "rb", "data-runbutton": id, "data-source": source, "data-state": "idle" }, button, last, status);
let stop = () => {
};
function tellLast() {
const told = face.told?.() ?? lastRunOf(run.last(), say, timeZone, clock.now());
last.hidden = !told;
if (told) {
last.title = told.whole;
last.dataset.tone = told.state;
const short = h("span", { "aria-hidden": "true" }, told.short);
last.replaceChildren(icon(told.state), short, h("span", { class: "rb-sr" }, told.whole));
}
if (!element.isConnected) {
stop();
}
}
function update(view, isQuiet) {
const { state } = view;
if (element.dataset.state !== state) {
element.dataset.state = state;
const detail = { unit: id, record, state };
element.dispatchEvent(new CustomEvent("runbutton", { bubbles: true, detail }));
}
const busy = isBusy(state);
button.setAttribute("aria-busy", String(busy));
if (busy === (button.firstChild === words)) {
button.replaceChildren(...busy ? [icon("running")] : [], words);
}
button.classList.toggle("rb-primary", isPrimary && !view.canResume);
if (state === "confirming") {
return;
}
const focused = document.activeElement;
const hadFocus = row.contains(focused);
if (view.startedAt !== null) {
line ??= createLine(row, label, shownAt, run, face);
}
line?.update(view);
const said = view.startedAt === null ? "" : say("page.of", { label }) + statusLine(view, say);
if (status.textContent !== said) {
status.setAttribute("aria-live", isQuiet ? "off" : "polite");
status.textContent = said;
}
stop();
stop = clock.every(RETOLD, tellLast);
tellLast();
if (hadFocus && (row.hidden || document.activeElement !== focused)) {
const isThere = focused instanceof HTMLElement && focused.isConnected && !row.hidden;
(isThere ? focused : button).focus({ preventScroll: true });
}
}
return { element, line: row, update };
}
const DEVICES = ["desktop", "mobile"];
const PAGES = ["detail", "edit", "create", "index"];
function onEvents(types, handle) {
kintone.events.on(types, (event) => {
try {
handle(event ?? {});
} catch (error) {
console.error("Runbutton:", error);
}
return event;
});
}
function onShow(handle) {
for (const device of DEVICES) {
for (const page of PAGES) {
onEvents(
[`${device === "mobile" ? "mobile." : ""}app.record.${page}.show`],
({ appId, recordId = null, record = {} }) => {
if (appId) {
handle({ device, page, appId, recordId, record });
}
}
);
}
}
}
function headerElement(device, page) {
const { app, mobile } = kintone;
return device === "mobile" ? mobile.app.getHeaderSpaceElement() : (page === "index" ? app : app.record).getHeaderMenuSpaceElement();
}
function spaceElement(device, id) {
return (device === "mobile" ? kintone.mobile.app : kintone.app).record.getSpaceElement(id);
}
async function fieldNames() {
try {
const fields = (
await kintone.app.getFormFields?.() ?? {}
);
return Object.fromEntries(Object.entries(fields).map(([code, { label }]) => [code, label]));
} catch {
return {};
}
}
function loginUser() {
return kintone.getLoginUser();
}
function callProxy(url, method, headers, data) {
return (
kintone.proxy(url, method, headers, data)
);
}
function confirmDialog(device, config) {
return device === "mobile" ? kintone.mobile.showConfirmBottomSheet(config) : kintone.showConfirmDialog(config);
}
function notify(device, type, message) {
(device === "mobile" ? kintone.mobile : kintone).showNotification(type, message);
}
const MOST_FIELDS = 10;
const MOST_LETTERS = 60;
async function confirmRun(unit, service, { device, record }, face, inDoubt, warning) {
if (!unit.confirm && !inDoubt && !warning) {
return true;
}
if (!face.isShown()) {
return false;
}
const { say, timeZone, names } = face;
const sends = service.sends(unit);
const title = service.title ?? unit.service;
const codes = sends === "all" ? [] : sends;
const values = codes.slice(0, MOST_FIELDS).map((code) => {
const value = Object.hasOwn(record, code) && fieldText(record[code], timeZone);
const name = Object.hasOwn(names, code) ? names[code] : code;
return typeof value === "string" ? say("page.of", { label: name }) + cut(value) : name;
});
const more = codes.length - values.length;
const okButtonText = say("page.ok");
const answer = confirmDialog(device, {
title: say("page.confirmBody", { label: unit.label }),
body: [
inDoubt && say("page.confirmUnknown"),
warning,
typeof unit.confirm === "object" && say(unit.confirm),
sends === "all" && say("page.confirmSendsAll", { service: title }),
values.length > 0 && say("page.confirmSends", { service: title }),
...values,
more > 0 && say("page.moreSteps", { n: more })
].filter(Boolean).join("\n"),
showOkButton: true,
okButtonText,
showCancelButton: true,
cancelButtonText: say("page.cancel"),
showCloseButton: true
});
await null;
const buttons = document.querySelectorAll('dialog button, [role="dialog"] button');
const ok = [...buttons].find(({ textContent }) => textContent?.trim() === okButtonText);
ok?.focus();
ok?.addEventListener("keydown", (event) => event.repeat && event.preventDefault());
return await answer === "OK";
}
function cut(value) {
const letters = [...value.replace(/\s+/g, " ")];
return letters.length > MOST_LETTERS ? `${letters.slice(0, MOST_LETTERS).join("")}\u2026` : letters.join("");
}
const MOST = 5;
const TYPES = (
["SUCCESS", "INFO", "ERROR"]
);
function createNotices(device) {
let unread = [];
const read = () => {
unread = [];
};
return (state, message) => {
document.addEventListener("pointerdown", read, true);
document.addEventListener("keydown", read, true);
const weight = state === "failed" && 2 || (state === "succeeded" ? 0 : 1);
unread = [...unread.slice(1 - MOST), { weight, message }];
const type = TYPES[Math.max(...unread.map((one) => one.weight))];
notify(device(), type, unread.map((one) => one.message).join("\n"));
};
}
function endNotice(unit, place, view, say) {
const label = say(unit.label);
const of = /^\d+$/.test(place) ? say("page.inRecord", { label, record: place }) : label;
return say("page.of", { label: of }) + statusLine(view, say);
}
function isOutOfSight(element) {
const { top, bottom } = element.getBoundingClientRect();
return document.hidden || bottom <= 0 || top >= innerHeight;
}
function createSay(language, words) {
const own = language === "ja" ? "ja" : "en";
const sections = words[own] ?? Object.values(words)[0] ?? {};
const find = (text) => {
const [section, key] = String(text).split(".");
const found = typeof text === "string" ? sections[section]?.[key] : text[own] ?? Object.values(text)[0];
return typeof found === "string" ? found : "";
};
return (text, values = {}) => find(text).replace(/\{(\w+)\}/g, (braces, name) => {
const value = Object.hasOwn(values, name) ? values[name] : braces;
return typeof value === "object" ? find(value) : String(value);
});
}
function addStyle(css) {
const id = `rb-style-${css.length}`;
if (!document.getElementById(id)) {
const style = document.createElement("style");
style.id = id;
style.textContent = css;
document.head.append(style);
}
}
const NOTHING = { turn: 0, seq: 0, run: null };
function isNewer(one, other) {
if (one.turn !== other.turn) {
return one.turn > other.turn;
}
if (one.run?.id === other.run?.id && isEnd(one.run) !== isEnd(other.run)) {
return isEnd(one.run);
}
if (one.seq !== other.seq) {
return one.seq > other.seq;
}
return orderOf(one.run) > orderOf(other.run);
}
function orderOf(run) {
return run ? `${STATES.indexOf(run.state)} ${run.id}` : "";
}
function withoutToken(run, isLate) {
const before = run.before && withoutToken(run.before, isLate);
return { ...run, before, handle: isLate(run) ? null : run.handle };
}
function readEntry(value) {
const run = readRun(value?.run);
const isEntry = isCount(value?.turn) && isCount(value.seq) && (run || value.run === null);
return isEntry ? { turn: value.turn, seq: value.seq, run } : null;
}
function readRun(value, isBefore = false) {
const { id, state, startedAt, deadline } = value ?? {};
if (!isText(id) || !STATES.includes(state) || !isCount(startedAt) || !isCount(deadline)) {
return null;
}
const run = { ...BLANK, id, state, startedAt, deadline };
for (const [name, isValid] of Object.entries(PARTS)) {
if (isValid(value[name])) {
run[name] = value[name];
}
}
run.before = state === "starting" && !isBefore ? readRun(value.before, true) : null;
run.handle = state === "starting" || ENDS.includes(state) ? null : run.handle;
return run;
}
const isText = (value) => typeof value === "string" && value.length <= MOST_TEXT;
const isCount = (value) => Number.isFinite(value) && Number(value) >= 0;
const isMap = (value, isPart) => typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(isPart);
const isSentence = (value) => isText(value) || isMap(value, isText);
const isValue = (value) => isCount(value) || isSentence(value);
const isStep = (step) => isText(step?.name) && isText(step.state);
const PARTS = {
usual: isCount,
doubt: isCount,
at: isCount,
next: isCount,
endedAt: isCount,
took: isCount,
name: (value) => isText(value?.text) && isSentence(value.words),
doing: isSentence,
dismissed: (value) => value === true,
handle: (value) => isMap(value, (part) => isText(part) || isCount(part)),
steps: (value) => Array.isArray(value) && value.length <= MOST_STEPS + 1 && value.every(isStep),
times: (value) => isMap(value, (part) => part === null || isCount(part)),
offer: (value) => isCount(value?.at) && isSentence(value.words) && isSentence(value.follow),
link: (value) => isText(value?.href) && value.href.startsWith("https://") && isSentence(value.words),
problem: (value) => [value?.happened, value?.advice].every(isSentence) && isMap(value, (part) => isValue(part) || isMap(part, isValue))
};
const KEPT = 100;
const REPAIR = 300;
const TIDY = 2 * 60 * 1e3;
function createLedger(prefix, store, clock, changed) {
const newest = new Map();
function get(key) {
return newest.get(key) ?? look(key);
}
function look(key) {
return take(key, stored(key));
}
const stored = (key) => readEntry(store.read(key));
const isLate = (run) => clock.now() >= run.deadline;
function take(key, entry) {
const known = newest.get(key) ?? NOTHING;
if (entry && isNewer(entry, known)) {
newest.set(key, entry);
changed(key, false);
return entry;
}
if (entry && isNewer(known, entry)) {
clock.sleep(REPAIR).then(() => repair(key));
}
return known;
}
function repair(key) {
const found = stored(key);
if (found && isNewer(get(key), found)) {
keep(key, get(key));
}
}
function keep(key, { run, ...age }) {
store.write(key, { ...age, run: run && withoutToken(run, isLate) });
}
function write(key, entry) {
newest.set(key, entry);
keep(key, entry);
changed(key, true);
}
const partsOf = (key) => key.slice(prefix.length + 1).split("/");
const isKey = (key) => key.startsWith(`${prefix}/`) && partsOf(key).length === 2;
const keys = () => store.keys(`${prefix}/`).filter(isKey);
function tidy() {
for (const key of store.keys("runbutton/")) {
const entry = stored(key);
if (entry && [entry.run, entry.run?.before].some((run) => run?.handle && isLate(run))) {
keep(key, entry);
}
}
const rest = keys().map((key) => ({ key, entry: stored(key) ?? NOTHING })).filter(({ entry }) => !isUnderWay(entry.run)).sort((a, b) => b.entry.turn - a.entry.turn);
for (const { key } of rest.slice(KEPT)) {
store.remove(key);
}
}
clock.every(TIDY, tidy);
return {
get,
look,
isKey,
tidy,
keyOf: (unit, place) => `${prefix}/${unit}/${place}`,
partsOf,
keys,
hear(key, value) {
take(key, readEntry(value));
},
act(key, event, news) {
const { turn, run } = get(key);
write(key, { turn: Math.max(clock.now(), turn + 1), seq: 0, run: move(run, event, news) });
},
change(key, event, news) {
const { turn, seq, run } = get(key);
write(key, { turn, seq: seq + 1, run: move(run, event, news) });
},
undo(key) {
const { turn, seq, run } = get(key);
write(key, { turn, seq: seq + 1, run: run?.before ?? null });
},
rename(key, next) {
const entry = get(key);
if (entry.run) {
write(next, entry);
write(key, { ...entry, seq: entry.seq + 1, run: null });
}
},
isKept(key) {
const kept = stored(key)?.run;
const { run } = get(key);
return run !== null && kept?.id === run.id && kept.state === run.state && !store.isRefused(key);
}
};
}
const SETTLE = 100;
const BEAT = 8 * 1e3;
function lockOf(id) {
return `runbutton/run/${id}`;
}
function createStint() {
let over = false;
let end = () => {
};
const ended = new Promise((resolve) => {
end = () => {
over = true;
resolve();
};
});
return {
get isOver() {
return over;
},
end,
during: (work) => Promise.race([work, ended])
};
}
function createLocks(manager) {
return {
areShared: Boolean(manager),
async hold(name, options, work) {
const stint = createStint();
let begun = false;
const whenGranted = async (lock) => {
if (lock) {
begun = true;
await work(stint);
}
return Boolean(lock);
};
if (manager) {
try {
return await manager.request(name, options, whenGranted);
} catch {
if (begun || options.signal?.aborted) {
stint.end();
return begun;
}
}
}
return whenGranted(true);
},
async isWanted(name) {
try {
const { pending } = await manager?.query() ?? {};
return Boolean(pending?.some((lock) => lock.name === name));
} catch {
return false;
}
}
};
}
function tooSoon(wait, now) {
const seconds = Math.ceil(wait / 1e3);
return seconds > 0 ? {
happened: "run.tooSoon",
ran: "ran.nothing",
advice: "run.startAgainIn",
values: { seconds },
until: now + wait
} : null;
}
const LEFT = { happened: "run.left", ran: "ran.maybe", advice: "advice.checkLog" };
function timedOut(timeout) {
const minutes = Math.max(1, Math.round(timeout / 6e4));
return { happened: "run.timeout", values: { minutes }, ran: "ran.underWay", advice: "advice.resume" };
}
const UNWATCHED = { happened: "run.unwatched", ran: "ran.underWay", advice: "advice.checkLog" };
function unexpected(error, asked) {
return {
happened: "run.unexpected",
ran: asked ? "ran.maybe" : "ran.nothing",
advice: asked ? "advice.checkLog" : "advice.admin",
text: String(error)
};
}
const STARTER_GONE = 1e3;
const HIDDEN_TRY = 30 * 1e3;
const POKE = 1e3;
const SILENCE = 45 * 1e3;
const SILENCE_WITHOUT_LOCKS = 10 * 1e3;
const TICK = 5e3;
function pokeOf(id) {
return `runbutton/poke/${id}`;
}
function createAttendance(place, { clock, ledger, local, locks, page }, { follow, isAsking, isOn }) {
let current = null;
let isAttending = false;
let quitWaiting = () => {
};
const runNow = () => ledger.get(place.key).run;
page.onChange(() => {
if (page.isLeft() && runNow()?.state !== "starting") {
current?.end();
}
handOver();
attend();
});
async function handOver() {
const stint = current;
const run = runNow();
const mayLetGo = run && run.state !== "starting" && page.isHidden() && !isAsking();
if (stint && mayLetGo && await locks.isWanted(lockOf(run.id))) {
stint.end();
}
}
async function holds(stint, work) {
const outer = current;
current = stint;
try {
await work();
} finally {
stint.end();
if (current === stint) {
current = outer?.isOver ? null : outer;
}
attend();
}
}
async function attend() {
const id = runNow()?.id ?? "";
const mayWait = () => isOn(id) && !current;
if (!isOn(id)) {
quitWaiting();
} else if (!isAttending && !current) {
isAttending = true;
while (mayWait()) {
await waitOnce(id);
}
isAttending = false;
attend();
}
}
async function waitOnce(id) {
const work = (stint) => holds(stint, () => takeOver(id, stint));
if (page.isHidden() && locks.areShared) {
const changed = page.changed();
await locks.hold(lockOf(id), { ifAvailable: true }, work);
await Promise.race([clock.sleep(HIDDEN_TRY), changed]);
return;
}
const controller = new AbortController();
const quit = () => controller.abort();
quitWaiting = quit;
const stopWatching = page.onChange(quit);
let heard = ledger.get(place.key);
let ticks = 0;
const stopTicking = clock.every(TICK, () => {
const entry = ledger.get(place.key);
ticks = entry === heard ? ticks + 1 : 0;
heard = entry;
const limit = (locks.areShared ? SILENCE : SILENCE_WITHOUT_LOCKS) + (entry.run?.next ?? 0);
if (ticks * TICK > limit && !current) {
ticks = 0;
locks.hold(lockOf(id), { steal: true }, work);
}
});
if (locks.areShared) {
clock.sleep(POKE).then(() => {
if (!current && !controller.signal.aborted) {
local.write(pokeOf(id), true);
local.remove(pokeOf(id));
}
});
await locks.hold(lockOf(id), { signal: controller.signal }, work);
} else {
await new Promise((resolve) => {
controller.signal.addEventListener("abort", resolve);
});
}
quit();
stopTicking();
stopWatching();
}
async function takeOver(id, stint) {
await clock.sleep(SETTLE);
ledger.look(place.key);
const isStarting = () => isOn(id) && runNow()?.state === "starting";
if (isStarting()) {
await clock.sleep(STARTER_GONE);
ledger.look(place.key);
if (isStarting() && !stint.isOver) {
const lost = { endedAt: clock.now(), problem: LEFT, link: place.link(null) };
ledger.change(place.key, "lose", { state: "unknown", ...lost });
}
}
if (isOn(id) && !stint.isOver) {
ledger.change(place.key, "beat", {});
await follow(stint, false);
}
}
return { attend, holds, handOver };
}
const TRIES = 4;
const RETRY = 100;
function createDecision(place, { clock, ledger, locks, random }, attendance) {
function claim(turn, act) {
return new Promise((resolve) => {
const attempt = () => (
locks.hold(`${place.key}/start`, { ifAvailable: true }, async () => {
const entry = ledger.look(place.key);
if (entry.turn !== turn || isUnderWay(entry.run)) {
resolve(false);
return;
}
act();
resolve(true);
await clock.sleep(SETTLE);
})
);
const attempts = async () => {
for (let tries = 1; !await attempt() && tries < TRIES; tries++) {
await clock.sleep(RETRY);
}
resolve(false);
};
attempts();
});
}
async function decide(id, turn, act, work) {
await locks.hold(
lockOf(id),
{ ifAvailable: true },
(stint) => attendance.holds(stint, async () => {
if (await claim(turn, act)) {
await work(stint);
}
})
);
ledger.look(place.key);
}
return { claim, decide };
}
const LOST_LIMIT = 5;
const CLOSE = 6e3;
const TAKE_OVER = 2e3;
function createFollow(place, { ask, clock, ledger, page }, between) {
let open = null;
const runNow = () => ledger.get(place.key).run;
const isOn = (id) => {
const run = runNow();
return run?.id === id && isUnderWay(run) && !page.isLeft();
};
async function follow(stint, anew) {
const id = runNow()?.id ?? "";
try {
await askOn(stint, anew);
} catch (error) {
if (isOn(id)) {
await end({ state: "unknown", problem: unexpected(error, true) });
}
}
}
async function askOn(stint, anew) {
const { unit } = place;
const { id, startedAt, deadline, usual, at } = (
runNow()
);
const elapsed = createStopwatch(clock, startedAt);
const left = () => Math.max(0, deadline - startedAt - elapsed());
let delay = anew ? Math.min(FIRST, nextDelay(elapsed(), usual)) : TAKE_OVER - Math.max(0, clock.now() - at);
let lost = 0;
let wanted = 0;
let looked = anew ? elapsed() : Math.max(0, at - startedAt);
while (!stint.isOver) {
await between();
if (wanted) {
await stint.during(clock.sleep(Math.min(wanted, left())));
}
await stint.during(clock.pause(Math.max(0, lost ? delay : Math.min(delay, left()))));
const isLast = left() === 0;
const sent = elapsed();
const progress = stint.isOver ? null : await stint.during(question(stint));
if (!progress || stint.isOver || !isOn(id)) {
return;
}
if ("again" in progress) {
lost += 1;
if (!progress.again || lost === LOST_LIMIT) {
await end({ state: "unknown", problem: progress.problem });
return;
}
delay = backOff(lost);
wanted = 0;
ledger.change(place.key, "beat", { next: delay });
continue;
}
const { wait = 0, ...standing } = progress;
lost = 0;
wanted = wait;
delay = Math.max(0, nextDelay(elapsed(), usual) - wait);
if (standing.state !== "queued" && standing.state !== "running") {
const watched = sent - looked <= Math.max(CLOSE, elapsed() / 8) ? elapsed() : null;
await end({ took: watched, ...standing });
return;
}
if (isLast) {
await end({ state: "unknown", problem: timedOut(unit.timeout) });
return;
}
looked = sent;
ledger.change(place.key, "progress", { doing: null, ...standing, at: clock.now(), next: wanted + delay });
}
}
async function end(news) {
const { key, typical } = place;
const offer = runNow()?.offer;
ledger.change(key, "end", { endedAt: clock.now(), ...news });
if (news.state === "succeeded" && news.took && !offer) {
typical.learn(news.took);
}
await clock.sleep(SETTLE);
}
async function question(stint) {
const { unit, service } = place;
const { id, startedAt, handle } = (
runNow()
);
if (open?.id !== id) {
const answer2 = handle ? service.status({ unit, ask, clock, startedAt }, handle) : Promise.resolve({ problem: UNWATCHED, again: false });
open = { id, answer: answer2 };
}
const { answer } = open;
const stopBeating = clock.every(BEAT, () => {
if (isOn(id) && !stint.isOver) {
ledger.change(place.key, "beat", {});
}
});
try {
return await answer;
} finally {
stopBeating();
open = open?.answer === answer ? null : open;
}
}
return { follow, isAsking: () => open !== null, isOn };
}
function createStopwatch(clock, since) {
const before = Math.max(0, clock.now() - since);
const begun = clock.ticks();
return () => Math.max(before + clock.ticks() - begun, clock.now() - since);
}
const FRESH_END = 5 * 60 * 1e3;
const FRESH_UNKNOWN = 24 * 60 * 60 * 1e3;
const DOUBT_LASTS = 24 * 60 * 60 * 1e3;
function createSight(clock) {
const shown = new Set();
function isShown(run) {
const age = clock.now() - Number(run.endedAt);
if (isUnderWay(run) || age >= 0 && age < (run.state === "unknown" ? FRESH_UNKNOWN : FRESH_END)) {
shown.add(run.id);
}
return shown.has(run.id) && !run.dismissed;
}
function doubt(run) {
const since = run?.state === "unknown" ? Math.max(run.startedAt, run.doubt ?? 0) : run?.doubt ?? null;
const age = clock.now() - Number(since);
return since !== null && age < DOUBT_LASTS ? since : null;
}
function forget(run) {
shown.delete(run.id);
}
return { isShown, doubt, forget };
}
function viewOf({ problem, ...run }) {
const canResume = run.state === "unknown" && run.handle !== null;
const isOver = problem?.advice === "advice.resume" && !canResume;
return { ...run, canResume, problem: isOver ? { ...problem, advice: "advice.checkLog" } : problem };
}
function createStart(place, { ask, clock, ledger }, follow, refused) {
const { unit, service, limit } = place;
async function start(reader, user, stint) {
const { id } = (
ledger.get(place.key).run
);
const isOurs = () => ledger.get(place.key).run?.id === id;
const isStarting = () => isOurs() && ledger.get(place.key).run?.state === "starting";
const stopBeating = clock.every(BEAT, () => {
if (isStarting()) {
ledger.change(place.key, "wait", {});
}
});
const started = await send(reader, user).finally(stopBeating);
if (!isOurs()) {
return;
}
if ("handle" in started) {
const link = place.link(started.handle);
const accepted = { doing: null, problem: null, endedAt: null, handle: started.handle, link, at: clock.now() };
ledger.change(place.key, "accept", { state: "queued", ...accepted });
await follow(stint, true);
} else if (started.state === "failed") {
if (isStarting()) {
ledger.undo(place.key);
}
refused(started.problem);
} else if (isStarting()) {
const { problem, found } = started;
const link = place.link(null);
ledger.change(place.key, "lose", { state: "unknown", endedAt: clock.now(), problem, link, ...found });
}
}
async function send(reader, user) {
let asked = false;
try {
const { startedAt } = (
ledger.get(place.key).run
);
const shown = await reader.soon((doing) => ledger.change(place.key, "wait", { doing }));
if ("happened" in shown) {
return { state: "failed", problem: shown };
}
const problem = service.refuse(unit, shown);
if (problem) {
return { state: "failed", problem };
}
asked = true;
const take = () => tooSoon(limit?.take() ?? 0, clock.now());
return await service.start({ unit, ask, clock, startedAt, shown, user, take });
} catch (error) {
return { state: asked ? "unknown" : "failed", problem: unexpected(error, asked) };
}
}
return start;
}
function createRateLimit(local, address, clock, limit) {
const key = `runbutton/starts/${address}`;
const recent = () => {
const now = clock.now();
const starts = local.read(key);
return Array.isArray(starts) ? starts.filter((at) => now - at >= 0 && now - at < limit.within) : [];
};
function wait() {
const starts = recent();
return starts.length < limit.starts ? 0 : starts[starts.length - limit.starts] + limit.within - clock.now();
}
return {
wait,
take() {
const left = wait();
if (!left) {
local.write(key, [...recent(), clock.now()]);
}
return left;
}
};
}
const REMEMBERED = 10;
function createTypicalDuration(local, unitName) {
const key = `runbutton/durations/${unitName}`;
const durations = () => {
const kept = local.read(key);
return Array.isArray(kept) ? kept.filter((one) => Number.isFinite(one) && one >= 0) : [];
};
return {
duration() {
const sorted = durations().sort((a, b) => a - b);
return sorted[Math.floor(sorted.length / 2)] ?? null;
},
learn(duration) {
local.write(key, [...durations(), duration].slice(-REMEMBERED));
}
};
}
const RESUMED = 60 * 1e3;
function createRun(unit, service, unitName, key, world, ended) {
const { clock, ledger, local } = world;
const typical = createTypicalDuration(local, unitName);
const limit = service.limit && createRateLimit(local, service.limit.address(unit), clock, service.limit);
const sight = createSight(clock);
const place = { unit, service, key, typical, limit, link: (handle) => service.link?.(unit, handle) ?? null };
const follower = createFollow(place, world, () => attendance.handOver());
const attendance = createAttendance(place, world, follower);
const { claim, decide } = createDecision(place, world, attendance);
const start = createStart(place, world, follower.follow, (problem) => {
refuse(problem);
ended(view(), true);
});
let own = null;
const awaited = new Set();
let show = () => {
};
function view() {
const { run } = ledger.get(place.key);
return own ?? (run && sight.isShown(run) ? viewOf(run) : IDLE);
}
function render() {
try {
show(view());
} catch (error) {
globalThis.console?.error("Runbutton:", error);
}
}
function setOwn(next) {
own = next;
render();
}
function refuse(problem) {
const now = clock.now();
setOwn({ ...IDLE, state: "failed", startedAt: now, endedAt: now, problem });
}
function whatRefuses(reader, problem) {
const page = reader.now();
return problem ?? (page && service.refuse(unit, page)) ?? tooSoon(limit?.wait() ?? 0, clock.now());
}
return {
view,
get key() {
return place.key;
},
last() {
const { run } = ledger.get(place.key);
const isOver = run && !isUnderWay(run) && run.state !== "skipped" && !run.offer;
return isOver && view().startedAt === null ? run : null;
},
watch(next) {
show = next;
render();
},
changed(isOwn) {
const { run } = ledger.get(place.key);
if (run && isUnderWay(run)) {
awaited.add(run.id);
own = own?.state === "failed" ? null : own;
attendance.attend();
}
render();
if (run && !isUnderWay(run) && awaited.delete(run.id)) {
ended(viewOf(run), isOwn);
}
},
poked: () => attendance.handOver(),
rename(next) {
ledger.rename(place.key, next);
place.key = next;
},
async click(reader, user, problem, confirm) {
const entry = ledger.look(place.key);
if (isBusy(view().state)) {
return;
}
const asking = { ...view(), state: "confirming" };
try {
const refusal = whatRefuses(reader, problem);
if (refusal) {
refuse(refusal);
return;
}
setOwn(asking);
const since = sight.doubt(ledger.get(place.key).run);
const agreed = await confirm(since !== null);
const { turn } = entry;
const late = agreed === true ? whatRefuses(reader, problem) : agreed || null;
if (late) {
refuse(late);
} else if (agreed) {
const id = world.random();
const startedAt = clock.now();
const deadline = startedAt + unit.timeout;
const first = { ...BLANK, id, startedAt, deadline, usual: typical.duration(), doubt: since };
const begin = () => {
own = null;
ledger.act(place.key, "begin", { ...first, state: "starting", before: ledger.get(place.key).run });
};
await decide(id, turn, begin, (stint) => start(reader, user, stint));
}
} catch (error) {
refuse(unexpected(error, false));
}
if (own === asking) {
setOwn(null);
}
},
async dismiss() {
if (own) {
setOwn(own.state === "confirming" ? own : null);
return;
}
const { turn, run } = ledger.get(place.key);
if (run && !isUnderWay(run)) {
sight.forget(run);
await claim(turn, () => ledger.change(place.key, "dismiss", { dismissed: true }));
render();
}
},
async resume() {
const { turn, run } = ledger.get(place.key);
if (run?.state === "unknown" && run.handle) {
const { handle } = run;
const deadline = Math.max(run.deadline, clock.now() + RESUMED);
const doubt = run.offer ? sight.doubt(run) : run.doubt;
const again = { endedAt: null, problem: null, dismissed: false, at: 0, deadline, doubt };
const act = () => ledger.act(place.key, "resume", { state: "running", ...again, handle, link: place.link(handle) });
await decide(run.id, turn, act, (stint) => follower.follow(stint, false));
}
}
};
}
const HIDDEN_PAUSE = 3e4;
const SHORTEST_PAUSE = 1e3;
function createClock() {
return {
now: () => Date.now(),
ticks: () => performance.now(),
sleep: (delay) => new Promise((resolve) => {
setTimeout(resolve, delay);
}),
pause: (delay) => new Promise((resolve) => {
const begun = Date.now();
let timer = setTimeout(proceed, delay);
document.addEventListener("visibilitychange", lookAgain);
function lookAgain() {
clearTimeout(timer);
const least = Math.min(delay, SHORTEST_PAUSE);
timer = setTimeout(proceed, Math.min(begun + least - Date.now(), least));
}
function proceed() {
const whole = Math.max(delay, HIDDEN_PAUSE);
const left = document.hidden ? Math.min(begun + whole - Date.now(), whole) : 0;
if (left > 0) {
timer = setTimeout(proceed, left);
return;
}
document.removeEventListener("visibilitychange", lookAgain);
resolve();
}
}),
every: (delay, tick) => {
const timer = setInterval(tick, delay);
return () => clearInterval(timer);
}
};
}
function createPageLife() {
let left = false;
const listeners = new Set();
const tell = () => [...listeners].forEach((listener) => listener());
document.addEventListener("visibilitychange", tell);
addEventListener("pagehide", () => {
left = true;
tell();
});
addEventListener("pageshow", () => {
if (left) {
left = false;
tell();
}
});
function onChange(listener) {
listeners.add(listener);
return () => listeners.delete(listener);
}
return {
isHidden: () => document.hidden,
isLeft: () => left,
onChange,
changed: () => new Promise((resolve) => {
const stop = onChange(() => {
stop();
resolve();
});
})
};
}
function mountPoint(unit, { device, page }, source, tellMissing) {
const id = page === "index" ? void 0 : unit.space;
const space = id ? spaceElement(device, id) : null;
if (id && !space) {
tellMissing(`no Space field with the element ID "${id}"; it is in the header`);
}
const place = space ?? headerElement(device, page);
const host = place && hostIn(place, source, device);
return host && { buttons: host.children[0], lines: host.children[1] };
}
function hostIn(place, source, device) {
return place.querySelector(`:scope > .rb-place[data-source="${source}"]`) ?? place.appendChild(
h("div", { class: `rb-place rb-${device}`, "data-source": source }, h("div", { class: "rb-buttons" }), h("ul", { class: "rb-lines" }))
);
}
function removeUnit(id, source) {
for (const name of ["runbutton", "line"]) {
document.querySelector(`[data-${name}="${id}"][data-source="${source}"]`)?.remove();
}
}
const DEADLINE = 3 * 60 * 1e3;
const LONGEST_ANSWER = 1e6;
function createAsk(callProxy2, callStored, clock) {
return async (method, url, headers, data, stored = false) => {
try {
const call = (stored ? callStored : callProxy2)(url, method, headers, data);
const [text, status, answered] = await Promise.race([call, clock.sleep(DEADLINE).then(giveUp)]);
if (text.length > LONGEST_ANSWER) {
throw new Error(`The answer is longer than ${LONGEST_ANSWER} characters.`);
}
const succeeded = status >= 200 && status < 300;
return { status, text: succeeded ? "" : textOf(text), json: readObject(text), headers: answered ?? {} };
} catch (error) {
if (error?.notSent !== void 0) {
return { status: 0, text: error.notSent, json: null, headers: {}, notSent: true };
}
return { status: 0, text: textOf(String(error)), json: null, headers: {} };
}
};
}
function giveUp() {
throw new Error(`No answer within ${DEADLINE / 1e3} s.`);
}
function readObject(text) {
try {
const value = JSON.parse(text.replace(/\p{Cc}/gu, " "));
return typeof value === "object" && !Array.isArray(value) ? value : null;
} catch {
return null;
}
}
function inForm({ page }) {
return page === "edit" || page === "create";
}
function createStore(storage) {
const refused = new Map();
const attempt = (access) => {
try {
return access();
} catch {
return null;
}
};
const remove = (key) => {
refused.delete(key);
attempt(() => storage().removeItem(key));
};
return {
read: (key) => parseJson(refused.get(key) ?? attempt(() => storage().getItem(key)) ?? "null"),
write(key, value) {
const text = JSON.stringify(value);
refused.delete(key);
const isKept = attempt(() => {
storage().setItem(key, text);
return true;
});
if (!isKept) {
remove(key);
refused.set(key, text);
}
},
keys: (prefix) => {
const kept = attempt(() => Array.from({ length: storage().length }, (_, n) => storage().key(n) ?? "")) ?? [];
return [...new Set([...kept, ...refused.keys()])].filter((key) => key.startsWith(prefix));
},
remove,
isRefused: (key) => refused.has(key)
};
}
function onStorage(hear) {
addEventListener("storage", ({ key, newValue }) => {
if (key?.startsWith("runbutton/") && newValue) {
hear(key, parseJson(newValue));
}
});
}
function parseJson(text) {
try {
return JSON.parse(text);
} catch {
return null;
}
}
function createWanted({ holds, createAudience }, units, user, clock, warn, changed) {
const isInAudience = createAudience?.(units, user, clock, changed);
return ({ device, page, record }) => units.filter(({ id, devices, pages, showIf, showTo }) => {
const miss = (field) => warn(`${id}: no field ${field} for show_if`);
const isMet = !showIf || (holds?.(showIf, record, miss) ?? true);
return devices.includes(device) && pages.includes(page) && isMet && (!showTo || isInAudience?.(showTo));
});
}
function openApp(services, config, features, source, units, first, warn) {
const { plugin } = features;
let current = first;
const user = loginUser();
const say = createSay(user.language, config.words);
const clock = createClock();
const local = createStore(() => localStorage);
const tellAway = createNotices(() => current.device);
let fieldLabels = {};
fieldNames().then((names) => {
fieldLabels = names;
});
const runs = new Map();
const owner = encodeURIComponent(user.code);
const prefix = ["runbutton", owner, source, first.appId].join("/");
const ledger = createLedger(prefix, local, clock, (key, isOwn) => {
findRun(key)?.changed(isOwn);
log?.changed(key, isOwn);
});
const page = createPageLife();
const world = {
ask: createAsk(callProxy, plugin?.callProxy ?? callProxy, clock),
clock,
ledger,
local,
locks: createLocks(navigator.locks),
page,
random: () => Math.random().toString(36).slice(2) + Math.random().toString(36).slice(2)
};
const forms = features.createForms?.(
() => sessionStorage,
() => current,
runs,
ledger,
clock
);
const reload = features.createReload?.(runs, () => current, clock);
const wantedOn = createWanted(features, units, user, clock, warn, () => show(current));
const face = { say, clock, timeZone: user.timezone, source };
const log = features.openPageLog?.(
units,
{ ...face, ledger, appId: first.appId, serviceOf, findRun, warn },
features
);
onStorage((key, value) => {
if (ledger.isKey(key)) {
ledger.hear(key, value);
}
for (const run of runs.values()) {
if (key === pokeOf(run.view().id)) {
run.poked();
}
}
});
page.onChange(lookAtAll);
lookAtAll();
ledger.tidy();
function lookAtAll() {
for (const key of ledger.keys()) {
ledger.look(key);
}
}
function findRun(key) {
const known = runs.get(key);
const [unitId] = ledger.partsOf(key);
const unit = units.find(({ id }) => id === unitId);
if (known || !unit) {
return known;
}
const run = createRun(
unit,
log?.startOf(unit, () => run.key) ?? serviceOf(unit),
[source, first.appId, unitId].join("/"),
key,
world,
(view, isOwn) => tellEnd(unit, ledger.partsOf(run.key)[1], view, isOwn)
);
runs.set(key, run);
run.changed(false);
return run;
}
function placeNow() {
return forms?.placeOf(current) ?? String(current.recordId ?? current.page);
}
function runHere(unit) {
const key = ledger.keyOf(unit.id, placeNow());
return (
findRun(key)
);
}
function serviceOf(unit) {
return (
services.find(({ names }) => names.includes(unit.service))
);
}
function elementOf(id) {
return (
document.querySelector(`[data-runbutton="${id}"][data-source="${source}"]`)
);
}
function tellEnd(unit, place, view, isOwn) {
const element = place === placeNow() ? elementOf(unit.id) : null;
const isSeen = element !== null && !isOutOfSight(element);
const renews = element !== null && view.state === "succeeded" && unit.afterSuccess === "reload";
if (renews) {
reload?.(current, () => ledger.isKept(ledger.keyOf(unit.id, place)));
}
if (!isSeen && (document.hidden ? isOwn : !renews)) {
tellAway(view.state, endNotice(unit, place, view, say));
}
}
function mount(unit, isPrimary) {
const shown = current;
const service = serviceOf(unit);
const run = runHere(unit);
const tell = (what) => warn(`${unit.id}: ${what}`);
const reader = forms?.readerOf(shown) ?? { now: () => shown, soon: async () => shown };
const { element, line, update } = createButton(
{ id: unit.id, label: say(unit.label), isPrimary, record: shown.recordId },
run,
{ ...face, ...log?.faceOf(unit, run), renew: inForm(shown) ? void 0 : () => location.reload() },
() => isBlocked?.() || click()
);
const now = () => reader.now() ?? shown;
const isBlocked = unit.unless && features.createReason?.(unit, element, shown, now, say, tell);
const click = () => {
const input = features.createInput?.(unit, service, reader, shown, user, face, features);
run.click(input?.reader ?? reader, user, plugin?.refuse(unit, tell) ?? null, async (inDoubt) => {
const confirm = (warning) => {
const about = { ...face, names: fieldLabels, isShown: () => current === shown };
return (input?.confirm ?? confirmRun)(unit, service, now(), about, inDoubt, warning);
};
return await input?.fill() ?? (log ? log.confirm(unit, run.key, confirm) : confirm(""));
});
};
addStyle(config.style);
const place = mountPoint(unit, shown, source, tell);
place?.buttons.append(element);
place?.lines.append(line);
run.watch((view) => update(view, view.endedAt !== null && isOutOfSight(element)));
}
function show(shown) {
current = shown;
const wanted = shown.appId === first.appId ? wantedOn(shown) : [];
for (const { id } of units) {
removeUnit(id, source);
}
for (const run of runs.values()) {
run.watch(() => {
});
}
for (const unit of wanted) {
const beside = wanted.filter(({ space }) => space === unit.space);
mount(unit, unit === (beside.find(({ primary }) => primary) ?? beside[0]));
}
log?.show(placeNow(), wanted.map(runHere));
}
return show;
}
function main(services, features, config) {
const plugin = features.openPlugin?.();
const source = plugin?.id ?? config.source ?? "";
let show = null;
const told = new Set();
function warn(words) {
if (!told.has(words)) {
told.add(words);
console.warn(`Runbutton: ${words}.`);
}
}
onShow((shown) => {
const units = (config.app === shown.appId ? config.units : config.apps?.[shown.appId]) ?? [];
if (units.length) {
show ??= openApp(services, config, { ...features, plugin }, source, units, shown, warn);
} else {
warn(`${source} was not built for app ${shown.appId}, and shows nothing here`);
}
show?.(shown);
});
}
main([krewdata, trocco], {}, {"app":45,"source":"orders","units":[{"id":"recalculate","service":"krewdata","label":{"ja":"\u518d\u96c6\u8a08","en":"Recalculate"},"confirm":true,"pages":["detail"],"devices":["desktop","mobile"],"afterSuccess":"stay","timeout":3600000,"url":"https://api.krewdata.grapecity.com/trigger/v1/abcdefghijklmn","krewdataAppUrl":"https://yourdomain.cybozu.com/k/123","serialNumber":"MDAwMDAtdGhpcy1pcy1ub3QtYS1yZWFsLW9uZQ==","record":["\u90e8\u9580\u540d","\u5165\u8377\u65e5"]},{"id":"load-sales","service":"trocco-job","label":{"ja":"\u58f2\u4e0a\u3092\u53d6\u308a\u8fbc\u3080","en":"Load sales"},"confirm":true,"pages":["detail"],"devices":["desktop","mobile"],"afterSuccess":"stay","timeout":3600000,"baseUrl":"https://trocco.io","apiKey":"this-is-not-a-real-key","definitionId":123,"customVariables":[{"name":"$dept$","field":"\u90e8\u9580\u540d"}]},{"id":"nightly","service":"trocco-workflow","label":{"ja":"\u591c\u9593\u51e6\u7406","en":"Nightly workflow"},"confirm":true,"pages":["detail"],"devices":["desktop","mobile"],"afterSuccess":"stay","timeout":3600000,"baseUrl":"https://trocco.io","apiKey":"this-is-not-a-real-key","definitionId":45}],"words":{"en":{"page":{"confirmBody":"Run \u201c{label}\u201d?","confirmSends":"Values sent to {service}:","confirmSendsAll":"All fields of this record are sent to {service}.","confirmUnknown":"The previous run may not have finished; this could run it twice.","ok":"Run","cancel":"Cancel","usual":" (usually about {time})","started":"Started {time}","finished":"Ended {time}","copy":"Copy","copied":"Copied","space":" ","of":"{label}: ","inRecord":"{label} (record {record})","close":"Close","couldNotRun":"Not run","renew":"Refresh the record","again":"You can run it again now.","last":"Last run {time}: {word}","details":"Details","moreSteps":"and {n} more","doneIn":"{line} ({time})","because":"{line}: {problem}","resume":"Check again","seconds":"{n} s","minutes":"{n} min","hours":"{n} h","detailsOf":"Details: {label}","language":"en"},"states":{"starting":"Starting\u2026","queued":"Waiting to start\u2026","running":"Running\u2026","succeeded":"Done","failed":"Failed","canceled":"Stopped","skipped":"Skipped","unknown":"Result unknown"},"last":{"succeeded":"done","failed":"failed","canceled":"stopped","unknown":"result unknown"},"steps":{"queued":"Waiting","running":"Running","succeeded":"Done","failed":"Failed","canceled":"Not run"},"ran":{"nothing":"Nothing was run.","maybe":"The run may have started.","underWay":"The run may still be under way."},"advice":{"setUp":"Ask the app administrator to check this button's settings.","retry":"Wait a moment, then run it again.","admin":"Send the details to the app administrator.","checkLog":"Before running it again, ask the app administrator whether it ran.","record":"Check the record's values, then run it again.","resume":"Press \u201cCheck again\u201d in a few minutes."},"run":{"tooSoon":"It was run too many times in a short period.","startAgainIn":"You can run it again in {seconds} seconds.","left":"The page was closed while the run was starting.","timeout":"It did not finish within {minutes} minutes, so this page stopped checking.","unwatched":"No page was open to see how it ended.","unexpected":"An unexpected error occurred."},"krewdata":{"fieldAbsent":"Required fields are missing or you don't have permission to view them: {fields}.","runLost":"The run request was sent, but krewData did not respond.","longQueue":"Waiting to start: krewData runs scheduled flows first\u2026","partly":"The output app may be partly updated.","checkLog":"Before running it again, ask the app administrator whether it ran (krewData's execution log shows it).","wrongSettings":"There is a problem with the settings of this button or of krewData.","unknownRefusal":"krewData returned an error.","tokenLost":"Could not connect to krewData.","statusLost":"krewData did not return the run's status.","inUse":"This execution unit is already running (another user, or another record).","notFound":"krewData could not find this run.","licence":"krewData's real-time execution serial number is wrong, or the license has expired.","disabled":"It was run too many times in a short period, so krewData has disabled the execution unit.","enable":"Ask the administrator of the krewData app to enable the execution unit again.","tokenExpired":"Starting took more than 10 minutes, so the access token has expired.","tokenUsed":"krewData received the request, but its response was lost.","tokenInvalid":"The access token is invalid.","flowSettings":"A data editing flow has a settings error.","flowFailed":"An error occurred in a data editing flow."},"trocco":{"queued":"Waiting for a free slot in TROCCO\u2026","settingUp":"Getting ready to run\u2026","interrupting":"Stopping\u2026","retryWaiting":"An error occurred. Waiting for TROCCO to retry\u2026","busy":"TROCCO's API is busy. Checking again in a while\u2026","job":"TROCCO job: {name}","openJob":"Open the job in TROCCO","openTrocco":"Open TROCCO","fieldAbsent":"A required field is missing or you don't have permission to view it: {field}.","fieldNoText":"The field \u201c{field}\u201d is of a type that cannot be sent to TROCCO.","fieldEmpty":"The required field \u201c{field}\u201d is empty.","fieldNoTime":"The value of the field \u201c{field}\u201d is not a date and time such as 2019-11-18 00:00:00.","otherDefinition":"TROCCO's response is about a different job than the one set for this button.","partly":"The destination may be partly updated.","error":"The TROCCO job ended with an error.","errorAdvice":"Check the job in TROCCO, or contact the app administrator.","canceled":"It was canceled in TROCCO or timed out.","canceledAdvice":"Check the job in TROCCO; run it again if needed.","skipped":"The same job is probably running.","skippedAdvice":"Run it again when it has ended.","wrongSettings":"There is a problem with the settings of this button or of TROCCO.","unauthorized":"TROCCO sign-in failed.","unauthorizedAdvice":"The API key is wrong, or TROCCO's IP address restriction blocks kintone. Send the details to the app administrator.","forbidden":"This API key has no permission to run it, or its settings in TROCCO have been deleted.","unusableValue":"One of the values sent cannot be used in TROCCO.","tooManyCalls":"TROCCO's API call limit was reached.","tooManyCallsAdvice":"Wait about ten minutes, then run it again.","unknownRefusal":"TROCCO returned an error.","notSent":"Could not connect to TROCCO.","startLost":"The run request was sent, but TROCCO did not respond.","startLostAdvice":"Before running it again, check in TROCCO whether it ran.","statusLost":"TROCCO did not return the job's status.","unreadable":"The job was started, but this API key cannot read its status.","offer":"A job was started at {time}. It may be this run.","follow":"Track this job"}},"ja":{"page":{"confirmBody":"\u300c{label}\u300d\u3092\u5b9f\u884c\u3057\u307e\u3059\u304b\uff1f","confirmSends":"{service}\u306b\u9001\u4fe1\u3059\u308b\u5024\uff1a","confirmSendsAll":"\u3053\u306e\u30ec\u30b3\u30fc\u30c9\u306e\u3059\u3079\u3066\u306e\u30d5\u30a3\u30fc\u30eb\u30c9\u3092{service}\u306b\u9001\u4fe1\u3057\u307e\u3059\u3002","confirmUnknown":"\u524d\u56de\u306e\u5b9f\u884c\u304c\u7d42\u308f\u3063\u3066\u3044\u306a\u3044\u53ef\u80fd\u6027\u304c\u3042\u308a\u307e\u3059\u3002\u4e8c\u91cd\u306b\u5b9f\u884c\u3055\u308c\u308b\u3053\u3068\u304c\u3042\u308a\u307e\u3059\u3002","ok":"\u5b9f\u884c\u3059\u308b","cancel":"\u30ad\u30e3\u30f3\u30bb\u30eb","usual":"\uff08\u76ee\u5b89 \u7d04{time}\uff09","started":"{time} \u958b\u59cb","finished":"{time} \u7d42\u4e86","copy":"\u30b3\u30d4\u30fc","copied":"\u30b3\u30d4\u30fc\u3057\u307e\u3057\u305f","space":"","of":"{label}\uff1a","inRecord":"{label}\uff08\u30ec\u30b3\u30fc\u30c9{record}\uff09","close":"\u9589\u3058\u308b","couldNotRun":"\u5b9f\u884c\u3067\u304d\u307e\u305b\u3093\u3067\u3057\u305f","renew":"\u30ec\u30b3\u30fc\u30c9\u3092\u518d\u8868\u793a","again":"\u3082\u3046\u4e00\u5ea6\u5b9f\u884c\u3067\u304d\u307e\u3059\u3002","last":"\u6700\u7d42\u5b9f\u884c {time} {word}","details":"\u8a73\u7d30","moreSteps":"\u307b\u304b{n}\u4ef6","doneIn":"{line}\uff08{time}\uff09","because":"{line}\u3002{problem}","resume":"\u5b9f\u884c\u72b6\u6cc1\u3092\u518d\u78ba\u8a8d","seconds":"{n}\u79d2","minutes":"{n}\u5206","hours":"{n}\u6642\u9593","detailsOf":"\u8a73\u7d30\uff1a{label}","language":"ja"},"states":{"starting":"\u958b\u59cb\u3057\u3066\u3044\u307e\u3059\u2026","queued":"\u958b\u59cb\u3092\u5f85\u3063\u3066\u3044\u307e\u3059\u2026","running":"\u5b9f\u884c\u4e2d\u3067\u3059\u2026","succeeded":"\u5b8c\u4e86\u3057\u307e\u3057\u305f","failed":"\u5931\u6557\u3057\u307e\u3057\u305f","canceled":"\u9014\u4e2d\u3067\u7d42\u4e86\u3057\u307e\u3057\u305f","skipped":"\u30b9\u30ad\u30c3\u30d7\u3055\u308c\u307e\u3057\u305f","unknown":"\u7d50\u679c\u3092\u78ba\u8a8d\u3067\u304d\u307e\u305b\u3093\u3067\u3057\u305f"},"last":{"succeeded":"\u5b8c\u4e86","failed":"\u5931\u6557","canceled":"\u9014\u4e2d\u3067\u7d42\u4e86","unknown":"\u7d50\u679c\u4e0d\u660e"},"steps":{"queued":"\u5f85\u6a5f\u4e2d","running":"\u5b9f\u884c\u4e2d","succeeded":"\u5b8c\u4e86","failed":"\u5931\u6557","canceled":"\u672a\u5b9f\u884c"},"ran":{"nothing":"\u4f55\u3082\u5b9f\u884c\u3055\u308c\u3066\u3044\u307e\u305b\u3093\u3002","maybe":"\u5b9f\u884c\u304c\u59cb\u307e\u3063\u3066\u3044\u308b\u53ef\u80fd\u6027\u304c\u3042\u308a\u307e\u3059\u3002","underWay":"\u5b9f\u884c\u306f\u7d9a\u3044\u3066\u3044\u308b\u53ef\u80fd\u6027\u304c\u3042\u308a\u307e\u3059\u3002"},"advice":{"setUp":"\u30a2\u30d7\u30ea\u7ba1\u7406\u8005\u306b\u3001\u3053\u306e\u30dc\u30bf\u30f3\u306e\u8a2d\u5b9a\u306e\u78ba\u8a8d\u3092\u4f9d\u983c\u3057\u3066\u304f\u3060\u3055\u3044\u3002","retry":"\u6642\u9593\u3092\u304a\u3044\u3066\u3001\u3082\u3046\u4e00\u5ea6\u5b9f\u884c\u3057\u3066\u304f\u3060\u3055\u3044\u3002","admin":"\u30a2\u30d7\u30ea\u7ba1\u7406\u8005\u306b[\u8a73\u7d30]\u306e\u5185\u5bb9\u3092\u4f1d\u3048\u3066\u304f\u3060\u3055\u3044\u3002","checkLog":"\u518d\u5b9f\u884c\u3059\u308b\u524d\u306b\u3001\u5b9f\u884c\u6e08\u307f\u304b\u3069\u3046\u304b\u3092\u30a2\u30d7\u30ea\u7ba1\u7406\u8005\u306b\u78ba\u8a8d\u3057\u3066\u304f\u3060\u3055\u3044\u3002","record":"\u30ec\u30b3\u30fc\u30c9\u306e\u5024\u3092\u78ba\u8a8d\u3057\u3066\u304b\u3089\u3001\u3082\u3046\u4e00\u5ea6\u5b9f\u884c\u3057\u3066\u304f\u3060\u3055\u3044\u3002","resume":"\u6642\u9593\u3092\u304a\u3044\u3066[\u5b9f\u884c\u72b6\u6cc1\u3092\u518d\u78ba\u8a8d]\u3092\u62bc\u3057\u3066\u304f\u3060\u3055\u3044\u3002"},"run":{"tooSoon":"\u77ed\u6642\u9593\u306b\u7d9a\u3051\u3066\u5b9f\u884c\u3067\u304d\u308b\u56de\u6570\u3092\u8d85\u3048\u307e\u3057\u305f\u3002","startAgainIn":"{seconds}\u79d2\u5f8c\u306b\u5b9f\u884c\u3067\u304d\u307e\u3059\u3002","left":"\u958b\u59cb\u51e6\u7406\u306e\u9014\u4e2d\u3067\u30da\u30fc\u30b8\u304c\u9589\u3058\u3089\u308c\u307e\u3057\u305f\u3002","timeout":"{minutes}\u5206\u4ee5\u5185\u306b\u7d42\u308f\u3089\u306a\u304b\u3063\u305f\u305f\u3081\u3001\u3053\u306e\u30da\u30fc\u30b8\u3067\u306e\u78ba\u8a8d\u3092\u7d42\u4e86\u3057\u307e\u3057\u305f\u3002","unwatched":"\u30da\u30fc\u30b8\u304c\u958b\u304b\u308c\u3066\u3044\u306a\u304b\u3063\u305f\u305f\u3081\u3001\u7d50\u679c\u3092\u78ba\u8a8d\u3067\u304d\u307e\u305b\u3093\u3067\u3057\u305f\u3002","unexpected":"\u4e88\u671f\u3057\u306a\u3044\u30a8\u30e9\u30fc\u304c\u767a\u751f\u3057\u307e\u3057\u305f\u3002"},"krewdata":{"fieldAbsent":"\u5b9f\u884c\u306b\u5fc5\u8981\u306a\u30d5\u30a3\u30fc\u30eb\u30c9\uff08{fields}\uff09\u304c\u306a\u3044\u304b\u3001\u95b2\u89a7\u6a29\u9650\u304c\u3042\u308a\u307e\u305b\u3093\u3002","runLost":"\u5b9f\u884c\u8981\u6c42\u3092\u9001\u4fe1\u3057\u307e\u3057\u305f\u304c\u3001krewData\u304b\u3089\u5fdc\u7b54\u304c\u3042\u308a\u307e\u305b\u3093\u3067\u3057\u305f\u3002","longQueue":"\u958b\u59cb\u3092\u5f85\u3063\u3066\u3044\u307e\u3059\u3002krewData\u306e\u30b9\u30b1\u30b8\u30e5\u30fc\u30eb\u5b9f\u884c\u304c\u5148\u306b\u51e6\u7406\u3055\u308c\u307e\u3059\u2026","partly":"\u51fa\u529b\u5148\u30a2\u30d7\u30ea\u306e\u4e00\u90e8\u3060\u3051\u304c\u66f4\u65b0\u3055\u308c\u3066\u3044\u308b\u53ef\u80fd\u6027\u304c\u3042\u308a\u307e\u3059\u3002","checkLog":"\u518d\u5b9f\u884c\u3059\u308b\u524d\u306b\u3001\u5b9f\u884c\u6e08\u307f\u304b\u3069\u3046\u304b\u3092\u30a2\u30d7\u30ea\u7ba1\u7406\u8005\u306b\u78ba\u8a8d\u3057\u3066\u304f\u3060\u3055\u3044\uff08krewData\u306e\u5b9f\u884c\u30ed\u30b0\u3067\u78ba\u8a8d\u3067\u304d\u307e\u3059\uff09\u3002","wrongSettings":"\u30dc\u30bf\u30f3\u307e\u305f\u306fkrewData\u306e\u8a2d\u5b9a\u306b\u554f\u984c\u304c\u3042\u308a\u307e\u3059\u3002","unknownRefusal":"krewData\u304c\u30a8\u30e9\u30fc\u3092\u8fd4\u3057\u307e\u3057\u305f\u3002","tokenLost":"krewData\u306b\u63a5\u7d9a\u3067\u304d\u307e\u305b\u3093\u3067\u3057\u305f\u3002","statusLost":"krewData\u304b\u3089\u5b9f\u884c\u72b6\u6cc1\u306e\u5fdc\u7b54\u304c\u3042\u308a\u307e\u305b\u3093\u3002","inUse":"\u3053\u306e\u5b9f\u884c\u5358\u4f4d\u306f\u5b9f\u884c\u4e2d\u3067\u3059\uff08\u307b\u304b\u306e\u30e6\u30fc\u30b6\u30fc\u3001\u307e\u305f\u306f\u5225\u306e\u30ec\u30b3\u30fc\u30c9\u304b\u3089\u306e\u5b9f\u884c\uff09\u3002","notFound":"krewData\u3067\u3053\u306e\u5b9f\u884c\u304c\u898b\u3064\u304b\u308a\u307e\u305b\u3093\u3067\u3057\u305f\u3002","licence":"krewData\uff08\u30ea\u30a2\u30eb\u30bf\u30a4\u30e0\u5b9f\u884c\uff09\u306e\u30b7\u30ea\u30a2\u30eb\u30ca\u30f3\u30d0\u30fc\u304c\u6b63\u3057\u304f\u306a\u3044\u304b\u3001\u30e9\u30a4\u30bb\u30f3\u30b9\u306e\u6709\u52b9\u671f\u9650\u304c\u5207\u308c\u3066\u3044\u307e\u3059\u3002","disabled":"\u77ed\u6642\u9593\u306b\u7d9a\u3051\u3066\u5b9f\u884c\u3055\u308c\u305f\u305f\u3081\u3001krewData\u304c\u5b9f\u884c\u5358\u4f4d\u3092\u7121\u52b9\u306b\u3057\u307e\u3057\u305f\u3002","enable":"krewData\u5c02\u7528\u30a2\u30d7\u30ea\u306e\u7ba1\u7406\u8005\u306b\u3001\u5b9f\u884c\u5358\u4f4d\u3092\u6709\u52b9\u306b\u623b\u3059\u3088\u3046\u4f9d\u983c\u3057\u3066\u304f\u3060\u3055\u3044\u3002","tokenExpired":"\u958b\u59cb\u307e\u3067\u306b10\u5206\u4ee5\u4e0a\u304b\u304b\u3063\u305f\u305f\u3081\u3001\u30a2\u30af\u30bb\u30b9\u30c8\u30fc\u30af\u30f3\u306e\u6709\u52b9\u671f\u9650\u304c\u5207\u308c\u307e\u3057\u305f\u3002","tokenUsed":"\u5b9f\u884c\u8981\u6c42\u306fkrewData\u306b\u5c4a\u304d\u307e\u3057\u305f\u304c\u3001\u5fdc\u7b54\u3092\u53d7\u4fe1\u3067\u304d\u307e\u305b\u3093\u3067\u3057\u305f\u3002","tokenInvalid":"\u30a2\u30af\u30bb\u30b9\u30c8\u30fc\u30af\u30f3\u304c\u7121\u52b9\u3067\u3059\u3002","flowSettings":"\u30c7\u30fc\u30bf\u7de8\u96c6\u30d5\u30ed\u30fc\u306e\u8a2d\u5b9a\u306b\u8aa4\u308a\u304c\u3042\u308a\u307e\u3059\u3002","flowFailed":"\u30c7\u30fc\u30bf\u7de8\u96c6\u30d5\u30ed\u30fc\u3067\u30a8\u30e9\u30fc\u304c\u767a\u751f\u3057\u307e\u3057\u305f\u3002"},"trocco":{"queued":"TROCCO\u306e\u5b9f\u884c\u67a0\u304c\u7a7a\u304f\u306e\u3092\u5f85\u3063\u3066\u3044\u307e\u3059\u2026","settingUp":"\u5b9f\u884c\u3092\u6e96\u5099\u3057\u3066\u3044\u307e\u3059\u2026","interrupting":"\u51e6\u7406\u3092\u505c\u6b62\u3057\u3066\u3044\u307e\u3059\u2026","retryWaiting":"\u30a8\u30e9\u30fc\u304c\u767a\u751f\u3057\u307e\u3057\u305f\u3002\u81ea\u52d5\u518d\u5b9f\u884c\u3092\u5f85\u3063\u3066\u3044\u307e\u3059\u2026","busy":"TROCCO API\u304c\u6df7\u307f\u5408\u3063\u3066\u3044\u308b\u305f\u3081\u3001\u9593\u9694\u3092\u3042\u3051\u3066\u78ba\u8a8d\u3057\u307e\u3059\u2026","job":"TROCCO\u306e\u30b8\u30e7\u30d6\uff1a{name}","openJob":"TROCCO\u3067\u30b8\u30e7\u30d6\u3092\u958b\u304f","openTrocco":"TROCCO\u3092\u958b\u304f","fieldAbsent":"\u5b9f\u884c\u306b\u5fc5\u8981\u306a\u30d5\u30a3\u30fc\u30eb\u30c9\uff08{field}\uff09\u304c\u306a\u3044\u304b\u3001\u95b2\u89a7\u6a29\u9650\u304c\u3042\u308a\u307e\u305b\u3093\u3002","fieldNoText":"\u30d5\u30a3\u30fc\u30eb\u30c9\u300c{field}\u300d\u306fTROCCO\u306b\u9001\u4fe1\u3067\u304d\u306a\u3044\u7a2e\u985e\u306e\u30d5\u30a3\u30fc\u30eb\u30c9\u3067\u3059\u3002","fieldEmpty":"\u5b9f\u884c\u306b\u5fc5\u8981\u306a\u30d5\u30a3\u30fc\u30eb\u30c9\u300c{field}\u300d\u304c\u7a7a\u3067\u3059\u3002","fieldNoTime":"\u30d5\u30a3\u30fc\u30eb\u30c9\u300c{field}\u300d\u306e\u5024\u304c\u65e5\u6642\u306e\u5f62\u5f0f\uff08\u4f8b\uff1a2019-11-18 00:00:00\uff09\u3067\u306f\u3042\u308a\u307e\u305b\u3093\u3002","otherDefinition":"TROCCO\u306e\u5fdc\u7b54\u304c\u3001\u3053\u306e\u30dc\u30bf\u30f3\u306b\u8a2d\u5b9a\u3055\u308c\u305f\u3082\u306e\u3068\u306f\u5225\u306e\u30b8\u30e7\u30d6\u3092\u793a\u3057\u3066\u3044\u307e\u3059\u3002","partly":"\u8ee2\u9001\u5148\u306e\u4e00\u90e8\u3060\u3051\u304c\u66f4\u65b0\u3055\u308c\u3066\u3044\u308b\u53ef\u80fd\u6027\u304c\u3042\u308a\u307e\u3059\u3002","error":"TROCCO\u306e\u30b8\u30e7\u30d6\u304c\u30a8\u30e9\u30fc\u3067\u7d42\u4e86\u3057\u307e\u3057\u305f\u3002","errorAdvice":"TROCCO\u3067\u30b8\u30e7\u30d6\u306e\u8a73\u7d30\u3092\u78ba\u8a8d\u3059\u308b\u304b\u3001\u30a2\u30d7\u30ea\u7ba1\u7406\u8005\u306b\u9023\u7d61\u3057\u3066\u304f\u3060\u3055\u3044\u3002","canceled":"TROCCO\u3067\u30ad\u30e3\u30f3\u30bb\u30eb\u3055\u308c\u305f\u304b\u3001\u30bf\u30a4\u30e0\u30a2\u30a6\u30c8\u3057\u307e\u3057\u305f\u3002","canceledAdvice":"TROCCO\u3067\u30b8\u30e7\u30d6\u306e\u8a73\u7d30\u3092\u78ba\u8a8d\u3057\u3001\u5fc5\u8981\u306b\u5fdc\u3058\u3066\u518d\u5b9f\u884c\u3057\u3066\u304f\u3060\u3055\u3044\u3002","skipped":"\u540c\u3058\u30b8\u30e7\u30d6\u304c\u5b9f\u884c\u4e2d\u306e\u53ef\u80fd\u6027\u304c\u3042\u308a\u307e\u3059\u3002","skippedAdvice":"\u5b9f\u884c\u4e2d\u306e\u30b8\u30e7\u30d6\u304c\u7d42\u308f\u3063\u3066\u304b\u3089\u3001\u3082\u3046\u4e00\u5ea6\u5b9f\u884c\u3057\u3066\u304f\u3060\u3055\u3044\u3002","wrongSettings":"\u30dc\u30bf\u30f3\u307e\u305f\u306fTROCCO\u306e\u8a2d\u5b9a\u306b\u554f\u984c\u304c\u3042\u308a\u307e\u3059\u3002","unauthorized":"TROCCO\u306e\u8a8d\u8a3c\u306b\u5931\u6557\u3057\u307e\u3057\u305f\u3002","unauthorizedAdvice":"API\u30ad\u30fc\u304c\u6b63\u3057\u304f\u306a\u3044\u304b\u3001kintone\u304b\u3089\u306e\u63a5\u7d9a\u304cIP\u30a2\u30c9\u30ec\u30b9\u5236\u9650\u3067\u8a31\u53ef\u3055\u308c\u3066\u3044\u307e\u305b\u3093\u3002\u30a2\u30d7\u30ea\u7ba1\u7406\u8005\u306b[\u8a73\u7d30]\u306e\u5185\u5bb9\u3092\u4f1d\u3048\u3066\u304f\u3060\u3055\u3044\u3002","forbidden":"\u3053\u306eAPI\u30ad\u30fc\u306b\u306f\u5b9f\u884c\u6a29\u9650\u304c\u306a\u3044\u304b\u3001\u8ee2\u9001\u8a2d\u5b9a\u304c\u524a\u9664\u3055\u308c\u3066\u3044\u307e\u3059\u3002","unusableValue":"TROCCO\u3067\u4f7f\u7528\u3067\u304d\u306a\u3044\u5024\u304c\u542b\u307e\u308c\u3066\u3044\u307e\u3059\u3002","tooManyCalls":"TROCCO API\u306e\u547c\u3073\u51fa\u3057\u56de\u6570\u306e\u4e0a\u9650\u306b\u9054\u3057\u307e\u3057\u305f\u3002","tooManyCallsAdvice":"10\u5206\u307b\u3069\u5f85\u3063\u3066\u304b\u3089\u3001\u3082\u3046\u4e00\u5ea6\u5b9f\u884c\u3057\u3066\u304f\u3060\u3055\u3044\u3002","unknownRefusal":"TROCCO\u304c\u30a8\u30e9\u30fc\u3092\u8fd4\u3057\u307e\u3057\u305f\u3002","notSent":"TROCCO\u306b\u63a5\u7d9a\u3067\u304d\u307e\u305b\u3093\u3067\u3057\u305f\u3002","startLost":"\u5b9f\u884c\u8981\u6c42\u3092\u9001\u4fe1\u3057\u307e\u3057\u305f\u304c\u3001TROCCO\u304b\u3089\u5fdc\u7b54\u304c\u3042\u308a\u307e\u305b\u3093\u3067\u3057\u305f\u3002","startLostAdvice":"\u518d\u5b9f\u884c\u3059\u308b\u524d\u306b\u3001\u5b9f\u884c\u6e08\u307f\u304b\u3069\u3046\u304b\u3092TROCCO\u3067\u78ba\u8a8d\u3057\u3066\u304f\u3060\u3055\u3044\u3002","statusLost":"TROCCO\u304b\u3089\u5b9f\u884c\u72b6\u6cc1\u306e\u5fdc\u7b54\u304c\u3042\u308a\u307e\u305b\u3093\u3002","unreadable":"\u30b8\u30e7\u30d6\u306f\u958b\u59cb\u3055\u308c\u307e\u3057\u305f\u304c\u3001\u3053\u306eAPI\u30ad\u30fc\u3067\u306f\u5b9f\u884c\u72b6\u6cc1\u3092\u78ba\u8a8d\u3067\u304d\u307e\u305b\u3093\u3002","offer":"{time}\u306b\u958b\u59cb\u3055\u308c\u305f\u30b8\u30e7\u30d6\u304c\u3042\u308a\u307e\u3059\u3002\u3053\u306e\u5b9f\u884c\u304b\u3082\u3057\u308c\u307e\u305b\u3093\u3002","follow":"\u3053\u306e\u30b8\u30e7\u30d6\u306e\u72b6\u6cc1\u3092\u78ba\u8a8d"}}},"style":".rb-place{position:relative;z-index:5;width:100%;margin:0;padding:4px 0;color:#333;font-size:14px;line-height:20px;text-align:left;white-space:normal;overflow-wrap:anywhere;container-type:inline-size;--rb-paper:#fff;--rb-blue:#1d6fa5;}.rb-place,.rb-place :not(svg *){box-sizing:border-box;font-family:inherit;}.rb-place [hidden]{display:none !important;}.rb-place :focus-visible{outline:3px solid #1a1a1a;outline-offset:2px;}.rb-place button,.rb-do a{display:inline-flex;align-items:center;justify-content:center;gap:4px;min-height:36px;max-width:100%;margin:0;padding:6px 14px;border:1px solid #768a94;border-radius:4px;background:var(--rb-paper);color:var(--rb-blue);font-size:14px;font-weight:normal;line-height:18px;text-align:center;text-decoration:none;cursor:pointer;}.rb-place button:hover,.rb-do a:hover{background:#edf3f7;}.rb-icon{flex:none;width:20px;height:20px;color:var(--rb-tone,currentColor);fill:currentColor;stroke:var(--rb-paper);stroke-width:2;stroke-linecap:round;stroke-linejoin:round;}.rb-icon circle{stroke:currentColor;}.rb-icon path{fill:none;}.rb-icon:is([class$=\"ing\"],.rb-icon-queued),.rb-line button .rb-icon{fill:none;stroke:currentColor;}.rb-icon[class$=\"ing\"]{animation:rb-turn 1s linear infinite;}.rb-icon[class$=\"ing\"] circle{opacity:.3;}.rb-sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap;}.rb-buttons{display:flex;flex-wrap:wrap;align-items:flex-start;gap:8px;}.rb{position:relative;max-width:min(100%,400px);}.rb-place .rb-run{min-height:40px;padding:4px 20px;border-color:var(--rb-blue);font-weight:bold;text-wrap:balance;}.rb-place :is(.rb-primary,.rb-first){border-color:var(--rb-blue);background:var(--rb-blue);color:#fff;font-weight:bold;}.rb-place :is(.rb-primary,.rb-first):hover{background:#165a87;}.rb-run .rb-icon{width:16px;height:16px;}.rb-place .rb-run[aria-busy=\"true\"]{padding-inline:10px;}.rb-line button circle{display:none;}.rb-last{display:flex;align-items:center;gap:4px;margin:2px 0 0;color:#555;font-size:12px;line-height:16px;}.rb-last .rb-icon{width:14px;height:14px;}.rb-lines{width:min(100%,720px);margin:0;padding:0;list-style:none;}.rb-line{position:relative;display:flex;align-items:center;float:none;width:auto;min-height:36px;margin:8px 0 0;padding:0 2px 0 10px;border:1px solid color-mix(in srgb,var(--rb-tone) 35%,#fff);border-radius:4px;background:var(--rb-tint,color-mix(in srgb,var(--rb-tone) 6%,#fff));animation:rb-in 150ms ease-out;--rb-tone:var(--rb-blue);}.rb-place :is([data-tone=\"succeeded\"],[data-step=\"succeeded\"]){--rb-tone:#1e7b34;}.rb-place :is([data-tone=\"failed\"],[data-step=\"failed\"]){--rb-tone:#b3261e;}.rb-place :is([data-tone=\"unknown\"],[data-tone=\"canceled\"],[data-tone=\"skipped\"]){--rb-tone:#7d5200;--rb-tint:#fff8e6;}.rb-body{display:flex;flex:1;align-items:center;gap:8px;min-width:0;}.rb-label{min-width:3em;max-width:12em;overflow:hidden;color:#555;text-overflow:ellipsis;white-space:nowrap;}.rb-line:only-child .rb-label{display:none;}.rb-place .rb-state{color:var(--rb-tone);font-size:14px;font-weight:bold;}.rb-line:not(.rb-told) .rb-body \u003e :not(.rb-label,.rb-flow,.rb-bar){flex:none;white-space:nowrap;}.rb-flow{min-width:24px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;}.rb-time,.rb-n{font-variant-numeric:tabular-nums;}.rb-usual{color:#555;font-size:12px;}.rb-bar{display:flex;flex:1 1 112px;gap:2px;min-width:24px;height:6px;}.rb-bar i{flex:1;min-width:0;border:1px solid #768a94;border-radius:2px;background:linear-gradient(var(--rb-tone),var(--rb-tone)) no-repeat 0 0 / 0 100% var(--rb-paper);}.rb-bar .rb-timed{background-size:var(--rb-part) 100%;}.rb-bar .rb-succeeded{border-color:var(--rb-tone);background-size:100% 100%;}.rb-bar :is(.rb-running,.rb-starting){background-size:50% 100%;animation:rb-now 1.6s ease-in-out infinite alternate;}.rb-line button:not(.rb-do *){flex:none;min-width:32px;height:34px;min-height:0;padding:0 6px;border:0;background:none;color:#555;font-size:13px;}.rb-line button:is(.rb-more,.rb-renew){color:var(--rb-blue);}.rb-line button .rb-icon{width:18px;height:18px;color:inherit;}.rb-body + .rb-more span{display:none;}.rb-more[aria-expanded=\"true\"] .rb-icon{transform:rotate(180deg);}.rb-told,.rb-told .rb-body{align-items:flex-start;}.rb-told{width:fit-content;max-width:100%;}.rb-told .rb-body{padding:7px 8px 7px 0;}.rb-told .rb-label{display:inline-block;max-width:100%;vertical-align:bottom;}.rb-place .rb-say button.rb-more{height:24px;margin:-2px 0;padding:0 4px;font-size:14px;vertical-align:bottom;}.rb-say{flex:1;min-width:0;text-wrap:pretty;word-break:auto-phrase;}.rb-do{display:flex;flex-wrap:wrap;align-items:center;gap:12px;margin-top:8px;}.rb-do \u003e :empty{position:absolute;}.rb-details{position:absolute;z-index:2;top:100%;left:-1px;width:max(100% + 2px,min(340px,100vw - 32px));max-height:60vh;padding:12px;overflow:auto;border:1px solid #c8d0d4;border-radius:0 0 4px 4px;background:var(--rb-paper);box-shadow:0 6px 20px rgb(0 0 0 / 22%);font-size:13px;overscroll-behavior:contain;}.rb-when{color:#555;}.rb-steps{display:grid;gap:2px;columns:auto;margin:8px 0 0;padding:0;list-style:none;}.rb-steps li{display:flex;align-items:center;float:none;gap:8px;width:auto;min-height:26px;margin:0;padding:0 0 0 8px;border:0 solid var(--rb-tone);border-left-width:4px;--rb-tone:#768a94;}.rb-steps [data-step=\"running\"]{--rb-tone:var(--rb-blue);}.rb-steps .rb-icon{width:16px;height:16px;}.rb-name{flex:1;min-width:0;}.rb-word{flex:none;color:#555;font-variant-numeric:tabular-nums;}.rb-steps :is([data-step=\"running\"],[data-step=\"failed\"]){font-weight:bold;}.rb-place pre{max-height:12em;margin:8px 0 0;padding:8px;overflow:auto;background:#f5f7f8;color:#333;font:12px/18px monospace;white-space:pre-wrap;}@container (max-width:519px){.rb-body{gap:6px;}.rb-usual,.rb-renew span,.rb-line:not(:only-child) .rb-flow{display:none;}.rb-bar{flex-basis:0;}.rb-bar:has(i:nth-child(7)){gap:0;}.rb-bar:has(i:nth-child(7)) i{border-inline-width:0;}}@container (max-width:319px){.rb-line:not(:only-child) :is(.rb-bar,.rb-renew){display:none;}.rb-line:not(.rb-told) .rb-label{flex:1;}}@container (max-width:259px){.rb-bar,.rb-flow,.rb-line:not(.rb-told) .rb-label{display:none;}.rb-told .rb-body{flex-wrap:wrap;}.rb-say{flex-basis:100%;}.rb-told .rb-close{position:absolute;top:0;right:0;}}.rb-mobile{padding:4px 8px;}.rb-mobile .rb-buttons{display:grid;}.rb-mobile .rb{max-width:none;}.rb-mobile .rb-run{width:100%;min-height:44px;}.rb-mobile .rb-do \u003e :is(button,a){flex:1 1 100%;min-height:44px;}.rb-mobile .rb-line button:not(.rb-do *){min-width:44px;height:44px;margin-block:-5px;}.rb-mobile .rb-line .rb-say .rb-more{margin-block:-12px;}.rb-mobile .rb-do{margin-top:12px;}.rb-mobile .rb-steps li{min-height:32px;}@keyframes rb-turn{to{transform:rotate(360deg);}}@keyframes rb-now{from{background-size:20% 100%;}to{background-size:80% 100%;}}@keyframes rb-in{from{height:0;min-height:0;margin-top:0;opacity:0;}}@media (prefers-reduced-motion:reduce){.rb-line,.rb-icon,.rb-bar i{animation:none !important;}}@media (forced-colors:active){.rb-place{--rb-paper:Canvas;}.rb-icon{color:CanvasText;}.rb-bar i{forced-color-adjust:none;border-color:CanvasText;--rb-tone:CanvasText;}.rb-place :is(.rb-primary,.rb-first){border-width:3px;}}@media print{.rb-place{display:none;}}"});
})();
