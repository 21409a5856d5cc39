// TROCCO's answers in words.
import { advices, ranTexts } from "../messages.js";

export const jobTexts = {
  queued: { ja: "TROCCOの実行枠が空くのを待っています…", en: "Waiting for a free slot in TROCCO…" },
  settingUp: { ja: "実行を準備しています…", en: "Getting ready to run…" },
  interrupting: { ja: "処理を停止しています…", en: "Stopping…" },
  retryWaiting: {
    ja: "エラーになったため、自動で再実行されるのを待っています…",
    en: "Waiting to be retried after an error…",
  },
  busy: {
    ja: "TROCCOへの問い合わせが混み合っているため、少し間をあけて確認します…",
    en: "TROCCO is being asked too often; checking again in a while…",
  },
  openJob: { ja: "TROCCOでジョブを開く", en: "Open the job in TROCCO" },
  openTrocco: { ja: "TROCCOを開く", en: "Open TROCCO" },
};

/** What keeps a field's value from being sent. */
export const fieldProblems = {
  absent: {
    happened: {
      ja: "実行に必要なフィールド「{field}」が、このレコードにないか、閲覧できません。",
      en: "This run needs the field “{field}”, which this record does not have or you may not see.",
    },
    advice: advices.setUp,
  },
  noText: {
    happened: {
      ja: "フィールド「{field}」の値は、TROCCOに渡せない種類のものです。",
      en: "The field “{field}” is of a type whose value cannot be given to TROCCO.",
    },
    advice: advices.setUp,
  },
  empty: {
    happened: {
      ja: "実行に必要なフィールド「{field}」が空です。",
      en: "The field “{field}”, which this run needs, is empty.",
    },
    advice: advices.record,
  },
  noTime: {
    happened: {
      ja: "フィールド「{field}」の値を、日時（例: 2019-11-18 00:00:00）として読み取れません。",
      en: "The value of the field “{field}” is no date and time such as 2019-11-18 00:00:00.",
    },
    advice: advices.record,
  },
};

/** Of a job that is not the one that the button stands for. */
export const otherDefinition = {
  happened: {
    ja: "TROCCOの返事が、このボタンに設定された処理とは別の処理のものです。",
    en: "TROCCO's answer is about another job than the one that this button is set up with.",
  },
  advice: advices.admin,
};

const partly = {
  ja: "転送先の一部だけが更新されている可能性があります。",
  en: "The destination may be partly updated.",
};

/** @type {Record<string, {happened: Words, ran: Words, advice: Words}>} Ends of a job that are no success. */
export const outcomeTexts = {
  error: {
    happened: { ja: "TROCCOの処理がエラーで終わりました。", en: "The job in TROCCO ended with an error." },
    ran: partly,
    advice: {
      ja: "TROCCOで原因を確認するか、管理者に連絡してください。",
      en: "Look for the cause in TROCCO, or tell the administrator.",
    },
  },
  canceled: {
    happened: {
      ja: "TROCCOで処理が取り消されたか、時間切れになりました。",
      en: "The job was canceled in TROCCO, or it ran out of time there.",
    },
    ran: partly,
    advice: {
      ja: "取り消した人に確認してから、必要ならもう一度実行してください。",
      en: "Ask who canceled it, and run it again if need be.",
    },
  },
  skipped: {
    happened: {
      ja: "TROCCOが処理をスキップしました。多くの場合、同じ処理がすでに実行中です。",
      en: "TROCCO skipped the job. Usually the same job is running already.",
    },
    ran: ranTexts.nothing,
    advice: {
      ja: "実行中の処理が終わってから、もう一度実行してください。",
      en: "Run it again when the other one has ended.",
    },
  },
};

const wait = {
  ja: "10分ほど待ってから、もう一度実行してください。",
  en: "Wait about ten minutes, then run it again.",
};

/** @type {Record<number, {happened: Words, advice: Words}>} */
const refusals = {
  400: {
    happened: { ja: "TROCCOが、送信した内容を受け付けませんでした。", en: "TROCCO did not accept what was sent." },
    advice: advices.admin,
  },
  401: {
    happened: {
      ja: "TROCCOに認証されませんでした。APIキーが正しくないか、TROCCOのIPアドレス制限により、kintoneからの接続が許可されていません。",
      en: "TROCCO refused the sign-in: the API key is wrong, or TROCCO does not allow connections from kintone's IP addresses.",
    },
    advice: advices.admin,
  },
  403: {
    happened: {
      ja: "このAPIキーにこの処理を実行する権限がないか、処理の設定が削除されています。",
      en: "The API key may not run this job, or the job's definition has been deleted.",
    },
    advice: advices.admin,
  },
  404: {
    happened: {
      ja: "この処理はTROCCOに見つかりません。IDが間違っているか、削除されています。",
      en: "TROCCO does not know this job: its ID is wrong, or it has been deleted.",
    },
    advice: advices.admin,
  },
  422: {
    happened: {
      ja: "送信した値の中に、TROCCOで使えないものがあります。",
      en: "TROCCO cannot use one of the values that were sent.",
    },
    advice: advices.admin,
  },
  429: {
    happened: {
      ja: "短い時間にTROCCOへの問い合わせが集中したため、受け付けられませんでした。",
      en: "TROCCO was asked too often within a short time and refused.",
    },
    advice: wait,
  },
};

const otherRefusal = {
  happened: { ja: "TROCCOに断られました。", en: "TROCCO refused the request." },
  advice: advices.admin,
};

const lost = {
  startLost: {
    happened: {
      ja: "実行の依頼は送りましたが、TROCCOの返事を受け取れませんでした。",
      en: "The job was asked for, but TROCCO's answer was lost.",
    },
    advice: {
      ja: "もう一度実行する前に、TROCCOで実行されたかどうかを確認してください。",
      en: "Look in TROCCO whether it ran before you run it again.",
    },
  },
  statusLost: {
    happened: { ja: "TROCCOから処理の状況を受け取れませんでした。", en: "TROCCO did not say how the job is going." },
    advice: advices.resume,
  },
};

const unreadable = {
  ja: "処理は開始されましたが、このAPIキーでは状況を確認できません。",
  en: "The job was started, but this API key may not see how it is going.",
};

/** @typedef {"startRefused" | "startLost" | "statusRefused" | "statusLost"} JobStage */

/**
 * @param {number} status of HTTP; 0 where no answer came
 * @param {JobStage} stage which question went wrong, and how
 * @returns {{happened: Words, advice: Words}}
 */
export function jobErrorText(status, stage) {
  if (stage === "startLost" || stage === "statusLost") {
    return lost[stage];
  }
  const refusal = refusals[status] ?? otherRefusal;
  return stage === "statusRefused" && (status === 401 || status === 403)
    ? { ...refusal, happened: unreadable }
    : refusal;
}
