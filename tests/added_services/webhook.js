// A webhook's single call: its answer is the result of the run.

/** @type {Service} */
export const webhook = {
  names: ["hook", "open-hook"],
  refuse: () => null,
  sends: (unit) => unit.record,
  async start({ unit, ask }) {
    const key = unit.key ? { "X-Hook-Key": unit.key } : {};
    const { status } = await ask("POST", unit.url, key, {}, unit.service === "hook");
    return status === 200 ? { handle: {} } : { problem: failed, state: "failed" };
  },
  status: () => Promise.resolve({ state: "succeeded", steps: [] }),
};

const failed = {
  happened: { ja: "Webhookがエラーを返しました。", en: "The webhook returned an error." },
  advice: { ja: "アプリ管理者に伝えてください。", en: "Tell the app administrator." },
};
