// krewData's answers in words. The keys are the beginnings of krewData's own texts, as its API Reference lists them; what
// nobody who clicks a button can mend has one sentence, and krewData's own words under "Details".
import { advices } from "../messages.js";

/** @typedef {Pick<Problem, "happened" | "advice">} Explanation */

export const krewdataTexts = {
  fieldAbsent: {
    ja: "実行に必要なフィールド（{fields}）がないか、閲覧権限がありません。",
    en: "Required fields are missing or you don't have permission to view them: {fields}.",
  },
  runLost: {
    ja: "実行要求を送信しましたが、krewDataから応答がありませんでした。",
    en: "The run request was sent, but krewData did not answer.",
  },
  longQueue: {
    ja: "開始を待っています。krewDataのスケジュール実行が先に処理されます…",
    en: "Waiting to start: krewData runs scheduled flows first…",
  },
};

/** Said of a run that failed after it had begun. */
export const krewdataPartly = {
  ja: "出力先アプリの一部だけが更新されている可能性があります。",
  en: "The output app may be partly updated.",
};

export const checkLog = {
  ja: "再実行する前に、実行済みかどうかをアプリ管理者に確認してください（krewDataの実行ログで確認できます）。",
  en: "Before running it again, ask the app administrator whether it ran (krewData's execution log shows it).",
};

const wrongSettings = {
  ja: "ボタンまたはkrewDataの設定に問題があります。",
  en: "There is a problem with the settings of this button or of krewData.",
};
const unknownRefusal = { ja: "krewDataがエラーを返しました。", en: "krewData returned an error." };
const noAnswer = {
  token: { ja: "krewDataに接続できませんでした。", en: "krewData could not be reached." },
  run: krewdataTexts.runLost,
  status: { ja: "krewDataから実行状況の応答がありません。", en: "krewData did not return the run's status." },
};
const inUse = {
  happened: {
    ja: "この実行単位は実行中です（ほかのユーザー、または別のレコードからの実行）。",
    en: "This execution unit is already running (another user, or another record).",
  },
  advice: advices.retry,
};
const notFound = {
  happened: { ja: "krewDataでこの実行が見つかりませんでした。", en: "krewData could not find this run." },
  advice: checkLog,
};
const licence = {
  happened: {
    ja: "krewData（リアルタイム実行）のシリアルナンバーが正しくないか、ライセンスの有効期限が切れています。",
    en: "krewData's real-time execution serial number is wrong, or the license has expired.",
  },
  advice: advices.admin,
};
const disabled = {
  happened: {
    ja: "短時間に続けて実行されたため、krewDataが実行単位を無効にしました。",
    en: "It was run too many times in a short period, so krewData has disabled the execution unit.",
  },
  advice: {
    ja: "krewData専用アプリの管理者に、実行単位を有効に戻すよう依頼してください。",
    en: "Ask the administrator of the krewData app to enable the execution unit again.",
  },
};

/** @type {Record<string, Explanation>} */
const rows = {
  "Illegal License": licence,
  "The rate limit": disabled,
  "Specified token has been created": {
    happened: {
      ja: "開始までに10分以上かかったため、アクセストークンの有効期限が切れました。",
      en: "Starting took more than 10 minutes, so the access token has expired.",
    },
    advice: advices.retry,
  },
  "Specified token has been used": {
    happened: {
      ja: "実行要求はkrewDataに届きましたが、応答を受信できませんでした。",
      en: "krewData received the request, but its answer was lost.",
    },
    advice: checkLog,
  },
  "Specified token is invalid": {
    happened: { ja: "アクセストークンが無効です。", en: "The access token is invalid." },
    advice: advices.retry,
  },
  "Other User": inUse,
  "Specified accessToken": notFound,
  "Specified taskId": notFound,
};

/** The rows about the settings, and about a call's path, its body and its parameters. */
const SETTINGS = RegExp(
  "^(krewdataAppUrl |Specified (krewdataAppUrl|unit) is|Request (path|type) |serialNumber is|app \\(appId\\) is|" +
    "\\w+ (request body schema is wrong|data type is wrong|is empty))",
);

/** @type {Record<number, Explanation>} What a code means where the text is in other words. */
const byCode = { 401: licence, 409: inUse, 429: disabled };

/**
 * The row of krewData's table that a text begins as.
 *
 * @param {string} description
 * @returns {Explanation | undefined}
 */
function rowOf(description) {
  const row = Object.keys(rows).find((beginning) => description.startsWith(beginning));
  return row ? rows[row] : undefined;
}

/**
 * Whether krewData's reference has this text.
 *
 * @param {string} description
 */
export function isDocumented(description) {
  return Boolean(rowOf(description)) || SETTINGS.test(description);
}

/**
 * The words for a refusal, or for no answer.
 *
 * @param {"token" | "run" | "status"} path
 * @param {string | null} description krewData's text; null where there is no answer
 * @param {number} code for where the text is one that nobody has documented
 * @returns {Explanation}
 */
export function errorText(path, description, code) {
  if (description === null) {
    return { happened: noAnswer[path], advice: path === "token" ? advices.retry : advices.resume };
  }
  const advice = path === "status" ? advices.resume : advices.admin;
  return (
    rowOf(description) ??
    (path === "status" ? undefined : byCode[code]) ?? {
      happened: SETTINGS.test(description) ? wrongSettings : unknownRefusal,
      advice,
    }
  );
}

/**
 * The words for a run that failed.
 *
 * @param {string} code krewData's errorCode
 * @returns {Explanation}
 */
export function flowErrorText(code) {
  if (code === "134") {
    return inUse;
  }
  return {
    happened:
      code === "33"
        ? { ja: "データ編集フローの設定に誤りがあります。", en: "A data editing flow has a settings error." }
        : { ja: "データ編集フローでエラーが発生しました。", en: "An error occurred in a data editing flow." },
    advice: advices.admin,
  };
}
