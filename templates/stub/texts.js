/** The pages' own words; users of other languages get English. */

import { data } from "./page.js";

const TEXTS = {
  add: { ja: "レコードを追加する", en: "Add record" },
  app: { ja: "アプリ: {0}", en: "App: {0}" },
  assignee: { ja: "作業者", en: "Assignee" },
  cancel: { ja: "キャンセル", en: "Cancel" },
  close: { ja: "閉じる", en: "Close" },
  comment: { ja: "コメントする", en: "Write a comment" },
  comments: { ja: "コメント", en: "Comments" },
  duplicate: { ja: "レコードを再利用する", en: "Reuse record" },
  edit: { ja: "レコードを編集する", en: "Edit record" },
  failed: { ja: "入力内容が正しくありません。", en: "Check what you have entered." },
  fileOnEdit: { ja: "ここでは変更できません", en: "Cannot be changed here" },
  home: { ja: "アプリの一覧", en: "All apps" },
  list: { ja: "（すべて）", en: "(All records)" },
  loading: { ja: "処理中", en: "Working" },
  newRecord: { ja: "新しいレコード", en: "New record" },
  next: { ja: "次へ", en: "Next" },
  noComments: { ja: "コメントはありません。", en: "No comments." },
  noRecord: { ja: "指定したレコード（{0}）が見つかりません。", en: "There is no record {0}." },
  ok: { ja: "OK", en: "OK" },
  open: { ja: "レコード {0} を開く", en: "Open record {0}" },
  previous: { ja: "前へ", en: "Previous" },
  print: { ja: "印刷用の画面を開く", en: "Open the page for printing" },
  problems: { ja: "設定に問題があります", en: "The config has problems" },
  range: { ja: "{0} - {1}（{2}件中）", en: "{0}–{1} of {2}" },
  record: { ja: "レコード: {0}", en: "Record: {0}" },
  rowAdd: { ja: "行を追加する", en: "Add a row" },
  rowRemove: { ja: "この行を削除する", en: "Remove this row" },
  save: { ja: "保存", en: "Save" },
  saveFailed: { ja: "設定を保存できませんでした。{0}", en: "The settings could not be saved. {0}" },
  status: { ja: "ステータス", en: "Status" },
  stub: { ja: "kintone のスタブ", en: "Stubbed kintone" },
};

/**
 * @param {keyof typeof TEXTS} key
 * @param {...(string | number)} values for {0}, {1} …
 */
export function text(key, ...values) {
  const words = TEXTS[key][data.user.language === "ja" ? "ja" : "en"];
  return words.replace(/\{(\d)\}/g, (_, index) => String(values[Number(index)]));
}
