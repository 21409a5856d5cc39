// krewData's answers in words. The keys are krewData's own texts, word for word, as its API Reference lists them.
import { advices } from "../messages.js";

/** @typedef {Pick<Problem, "happened" | "advice">} Explanation */

export const krewdataTexts = {
  fieldAbsent: {
    ja: "実行に必要なフィールド（{fields}）が、このレコードにないか、閲覧できません。",
    en: "This run needs the fields {fields}, which this record does not have or you may not see.",
  },
  runLost: {
    ja: "実行の依頼は送りましたが、krewDataの返事を受け取れませんでした。",
    en: "The run was asked for, but krewData's answer was lost.",
  },
  longQueue: {
    ja: "開始を待っています。krewDataでは、予定された実行が先に処理されます…",
    en: "Waiting to start: krewData runs scheduled flows first…",
  },
};

/** Said of a run that failed after it had begun. */
export const krewdataPartly = {
  ja: "出力先アプリの一部だけが更新されている可能性があります。",
  en: "The output app may be partly updated.",
};

const wrongSettings = {
  ja: "このボタンまたはkrewDataの設定に問題があります。",
  en: "Something is wrong with the settings of this button or of krewData.",
};
const unknownRefusal = { ja: "krewDataが要求を断りました。", en: "krewData refused the request." };
const noAnswer = {
  token: {
    ja: "krewDataに接続できませんでした。",
    en: "krewData could not be reached.",
  },
  run: krewdataTexts.runLost,
  status: {
    ja: "実行の状況を、krewDataから受け取れませんでした。",
    en: "krewData did not say how the run is going.",
  },
};

/** @type {Record<string, {happened: Words, advice: Words}>} */
const rows = {
  'krewdataAppUrl format is wrong, should be "https://yourdomain/k/appId(/)".': {
    happened: {
      ja: "ボタンに設定された、krewDataアプリのURLの書き方が正しくありません。",
      en: "The krewData app's URL that this button is set up with is malformed.",
    },
    advice: advices.admin,
  },
  'Specified krewdataAppUrl is invalid, should be "https://yourdomain.cybozu.com/k/{appId}".': {
    happened: {
      ja: "ボタンに設定されたkrewDataアプリには、この実行単位が登録されていません。",
      en: "The execution unit is not registered in the krewData app that this button is set up with.",
    },
    advice: advices.admin,
  },
  "Request type (Webhook/API) is wrong.": {
    happened: {
      ja: "この実行単位の実行方法が「API」になっていません。",
      en: "The execution method of this execution unit is not set to API.",
    },
    advice: advices.admin,
  },
  "serialNumber is not a valid Base64 encoding value.": {
    happened: {
      ja: "krewDataが、シリアル番号を読み取れませんでした。",
      en: "krewData could not read the serial number.",
    },
    advice: advices.admin,
  },
  "Specified unit is invalid.": {
    happened: {
      ja: "この実行単位は無効になっているか、有効なデータ編集フローがありません。",
      en: "The execution unit is disabled, or it has no valid data editing flow.",
    },
    advice: advices.admin,
  },
  "Illegal License.": {
    happened: {
      ja: "krewDataのシリアル番号が正しくないか、期限が切れています。",
      en: "krewData's serial number is wrong or has expired.",
    },
    advice: advices.admin,
  },
  "The rate limit for API calls has been exceeded. Specified unit has been disabled.": {
    happened: {
      ja: "短い時間に何度も実行されたため、krewDataがこの実行単位を無効にしました。",
      en: "It was run too often within a short time, so krewData has disabled the execution unit.",
    },
    advice: {
      ja: "管理者に、krewDataの設定で実行単位を有効に戻すよう伝えてください。それまでは実行できません。",
      en: "Ask the administrator to enable it again in krewData's settings. It cannot be run until then.",
    },
  },
  "app (appId) is not call app of task specified.": {
    happened: {
      ja: "この実行単位は、このアプリから呼び出すように設定されていません。",
      en: "The execution unit is not set up to be called from this app.",
    },
    advice: advices.admin,
  },
  "record data type is wrong, should be keep with Kintone record.": {
    happened: {
      ja: "krewDataが、送信したレコードの内容を受け付けませんでした。",
      en: "krewData did not accept the record that was sent.",
    },
    advice: advices.admin,
  },
  "Specified token has been created for more than 10 minutes and cannot be used to run unit.": {
    happened: {
      ja: "開始までに10分以上かかったため、実行の許可が切れました。",
      en: "Starting took more than 10 minutes, and the permission to run has expired.",
    },
    advice: advices.retry,
  },
  "Specified token has been used.": {
    happened: {
      ja: "実行の依頼はkrewDataに届いていますが、返事を受け取れませんでした。",
      en: "krewData did get the request to run, but its answer was lost.",
    },
    advice: advices.checkLog,
  },
  "Specified token is invalid.": {
    happened: {
      ja: "krewDataが、実行の許可を認めませんでした。",
      en: "krewData did not recognize the permission to run.",
    },
    advice: advices.retry,
  },
  "Other User is running the execution unit.": {
    happened: {
      ja: "ほかの人が同じ処理を実行しています。同時には実行できません。",
      en: "Somebody else is running this, and it cannot run twice at once.",
    },
    advice: advices.retry,
  },
  "Specified accessToken is invalid.": {
    happened: {
      ja: "krewDataが、状況の確認に使うアクセストークンを認めませんでした。",
      en: "krewData did not recognize the access token for following the run.",
    },
    advice: advices.checkLog,
  },
  "Specified taskId is invalid.": {
    happened: {
      ja: "krewDataが、この実行を見つけられませんでした。",
      en: "krewData could not find this run.",
    },
    advice: advices.checkLog,
  },
};

/** The rows that speak of a call's path, its body and its parameters: nobody who clicks a button can mend those. */
const FORMAL = /^(Request path is invalid|\w+ request body schema is wrong|\w+ (data type is wrong|is empty))/;

/** @type {Record<number, string>} What a code means where the text is in other words. */
const BY_CODE = {
  401: "Illegal License.",
  409: "Other User is running the execution unit.",
  429: "The rate limit for API calls has been exceeded. Specified unit has been disabled.",
};

/**
 * The row of krewData's table that a text is, or begins as: one of them is printed with more behind it.
 *
 * @param {string} description
 * @returns {string | undefined}
 */
function rowOf(description) {
  return Object.keys(rows).find((row) => description.startsWith(row.slice(0, -1)));
}

/**
 * Whether krewData's reference has this text.
 *
 * @param {string} description
 */
export function isDocumented(description) {
  return Boolean(rowOf(description)) || FORMAL.test(description);
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
  const row = rowOf(description) ?? (path === "status" ? undefined : BY_CODE[code]);
  const advice = path === "status" ? advices.resume : advices.admin;
  return row ? rows[row] : { happened: FORMAL.test(description) ? wrongSettings : unknownRefusal, advice };
}

/** @type {Map<string, Explanation>} */
const flowErrors = new Map(
  Object.entries({
    33: {
      happened: {
        ja: "データ編集フローの設定に誤りがあるため、処理が途中で止まりました。",
        en: "It stopped because the settings of a data editing flow are wrong.",
      },
      advice: advices.admin,
    },
    134: {
      happened: rows["Other User is running the execution unit."].happened,
      advice: advices.retry,
    },
  }),
);

/**
 * The words for a run that failed.
 *
 * @param {string} code krewData's errorCode
 * @returns {Explanation}
 */
export function flowErrorText(code) {
  return (
    flowErrors.get(code) ?? {
      happened: { ja: "データ編集フローの実行に失敗しました。", en: "A data editing flow failed." },
      advice: advices.admin,
    }
  );
}
