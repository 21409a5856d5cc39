// TROCCO's answers in words.
import { advices, ranTexts } from "../messages.js";

export const jobTexts = {
  queued: { ja: "TROCCOの実行枠が空くのを待っています…", en: "Waiting for a free slot in TROCCO…" },
  settingUp: { ja: "実行を準備しています…", en: "Getting ready to run…" },
  interrupting: { ja: "処理を停止しています…", en: "Stopping…" },
  retryWaiting: {
    ja: "エラーが発生しました。自動再実行を待っています…",
    en: "An error occurred. Waiting for TROCCO to retry…",
  },
  busy: {
    ja: "TROCCO APIが混み合っているため、間隔をあけて確認します…",
    en: "TROCCO's API is busy. Checking again in a while…",
  },
  openJob: { ja: "TROCCOでジョブを開く", en: "Open the job in TROCCO" },
  openTrocco: { ja: "TROCCOを開く", en: "Open TROCCO" },
};

/** What keeps a field's value from being sent. */
export const fieldProblems = {
  absent: {
    happened: {
      ja: "実行に必要なフィールド（{field}）がないか、閲覧権限がありません。",
      en: "A required field is missing or you don't have permission to view it: {field}.",
    },
    advice: advices.setUp,
  },
  noText: {
    happened: {
      ja: "フィールド「{field}」はTROCCOに送信できない種類のフィールドです。",
      en: "The field “{field}” is of a type that cannot be sent to TROCCO.",
    },
    advice: advices.setUp,
  },
  empty: {
    happened: {
      ja: "実行に必要なフィールド「{field}」が空です。",
      en: "The required field “{field}” is empty.",
    },
    advice: advices.record,
  },
  noTime: {
    happened: {
      ja: "フィールド「{field}」の値が日時の形式（例：2019-11-18 00:00:00）ではありません。",
      en: "The value of the field “{field}” is not a date and time such as 2019-11-18 00:00:00.",
    },
    advice: advices.record,
  },
};

/** Of a job that is not the one that the button stands for. */
export const otherDefinition = {
  happened: {
    ja: "TROCCOの応答が、このボタンに設定されたものとは別のジョブを示しています。",
    en: "TROCCO's answer is about a different job than the one set up for this button.",
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
    happened: { ja: "TROCCOのジョブがエラーで終了しました。", en: "The TROCCO job ended with an error." },
    ran: partly,
    advice: {
      ja: "TROCCOでジョブの詳細を確認するか、アプリ管理者に連絡してください。",
      en: "Check the job in TROCCO, or contact the app administrator.",
    },
  },
  canceled: {
    happened: {
      ja: "TROCCOでキャンセルされたか、タイムアウトしました。",
      en: "It was canceled in TROCCO or timed out.",
    },
    ran: partly,
    advice: {
      ja: "TROCCOでジョブの詳細を確認し、必要に応じて再実行してください。",
      en: "Check the job in TROCCO; run it again if needed.",
    },
  },
  skipped: {
    happened: {
      ja: "TROCCOでスキップされました。同じジョブが実行中の可能性があります。",
      en: "TROCCO skipped it, probably because the same job is running.",
    },
    ran: ranTexts.nothing,
    advice: {
      ja: "実行中のジョブが終わってから、もう一度実行してください。",
      en: "Run it again when that job has ended.",
    },
  },
};

const wrongSettings = {
  happened: {
    ja: "ボタンまたはTROCCOの設定に問題があります。",
    en: "There is a problem with the settings of this button or of TROCCO.",
  },
  advice: advices.admin,
};

/** @type {Record<number, {happened: Words, advice: Words}>} */
const refusals = {
  400: wrongSettings,
  401: {
    happened: { ja: "TROCCOの認証に失敗しました。", en: "TROCCO sign-in failed." },
    advice: {
      ja: "APIキーが正しくないか、kintoneからの接続がIPアドレス制限で許可されていません。アプリ管理者に「詳細」の内容を伝えてください。",
      en: "The API key is wrong, or TROCCO's IP address restriction blocks kintone. Send the details below to the app administrator.",
    },
  },
  403: {
    happened: {
      ja: "このAPIキーには実行権限がないか、転送設定が削除されています。",
      en: "This API key has no permission to run it, or its definition has been deleted.",
    },
    advice: advices.admin,
  },
  404: wrongSettings,
  422: {
    happened: {
      ja: "TROCCOで使用できない値が含まれています。",
      en: "One of the values sent cannot be used in TROCCO.",
    },
    advice: advices.admin,
  },
  429: {
    happened: { ja: "TROCCO APIの呼び出し回数の上限に達しました。", en: "TROCCO's API call limit was reached." },
    advice: {
      ja: "10分ほど待ってから、もう一度実行してください。",
      en: "Wait about ten minutes, then run it again.",
    },
  },
};

const otherRefusal = {
  happened: { ja: "TROCCOがエラーを返しました。", en: "TROCCO returned an error." },
  advice: advices.admin,
};

const lost = {
  startLost: {
    happened: {
      ja: "実行要求を送信しましたが、TROCCOから応答がありませんでした。",
      en: "The run request was sent, but TROCCO did not answer.",
    },
    advice: {
      ja: "再実行する前に、実行済みかどうかをTROCCOで確認してください。",
      en: "Before running it again, check in TROCCO whether it ran.",
    },
  },
  statusLost: {
    happened: { ja: "TROCCOから実行状況の応答がありません。", en: "TROCCO did not return the job's status." },
    advice: advices.resume,
  },
};

const unreadable = {
  happened: {
    ja: "ジョブは開始されましたが、このAPIキーでは実行状況を確認できません。",
    en: "The job was started, but this API key cannot read its status.",
  },
  advice: advices.admin,
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
  return stage === "statusRefused" && (status === 401 || status === 403)
    ? unreadable
    : (refusals[status] ?? otherRefusal);
}
