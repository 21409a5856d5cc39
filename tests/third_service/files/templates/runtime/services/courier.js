const courierTexts = {
  refused: { ja: "宅配便に断られました。", en: "The courier refused." },
  another: { ja: "別の宅配便を探してください。", en: "Look for another one." },
};

/** @type {Service} */
export const courier = {
  names: ["courier", "open-courier"],
  refuse: () => null,
  start: sendCourier,
  status: askCourier,
  sends: () => [],
};

/**
 * @param {Call<any>} call
 * @returns {Promise<Started>}
 */
async function sendCourier({ unit, ask }) {
  const answer = await ask("POST", unit.url, headersOf(unit), JSON.stringify({ parcel: unit.parcel }), isSecret(unit));
  return answer.json?.id
    ? { handle: { id: answer.json.id } }
    : { state: "failed", problem: { ...refusal(answer), ran: "ran.nothing" } };
}

/**
 * @param {Question<any>} question
 * @param {Handle} handle
 * @returns {Promise<Progress>}
 */
async function askCourier({ unit, ask }, handle) {
  const answer = await ask("GET", `${unit.url}/${handle.id}`, headersOf(unit), "", isSecret(unit));
  return answer.json?.state
    ? { state: answer.json.state === "delivered" ? "succeeded" : "running", steps: [] }
    : { problem: { ...refusal(answer), ran: "ran.underWay" }, again: false };
}

/** @param {any} unit */
function isSecret(unit) {
  return unit.service === "courier";
}

/** @param {any} unit */
function headersOf({ token }) {
  return { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) };
}

/** @param {Answer} answer */
function refusal({ status, text }) {
  return { happened: courierTexts.refused, advice: courierTexts.another, code: String(status), text };
}
