/**
 * The words of the preview's side panel and of its log, for Japanese users and all others.
 *
 * @typedef {Record<string, string>} Words by language, ja and en
 */

import { data } from "./page.js";

const TEXTS = {
  accepted: { ja: "ここで使える値", en: "Values that work here" },
  always: { ja: "毎回", en: "Every time" },
  call: { ja: "失敗させる呼び出し", en: "Call that fails" },
  chosen: { ja: "適用しました", en: "Applied" },
  copied: { ja: "コピーしました", en: "Copied" },
  copy: { ja: "コピー", en: "Copy" },
  ends: { ja: "{0} の実行の結果", en: "A run of {0}" },
  desktop: { ja: "パソコン版を開く", en: "Open the desktop page" },
  how: { ja: "失敗のしかた", en: "How it fails" },
  language: { ja: "ユーザーの言語", en: "User's language" },
  mobile: { ja: "モバイル版を開く", en: "Open the mobile page" },
  none: { ja: "なし", en: "none" },
  panel: { ja: "プレビューの操作", en: "Preview controls" },
  reset: { ja: "はじめの状態に戻す", en: "Reset" },
  record: { ja: "レコードを開く", en: "Open a record" },
  seconds: { ja: "実行時間（秒）", en: "A run takes (seconds)" },
  slower: { ja: "ふつう", en: "normally" },
  speed: { ja: "時間の進み方", en: "Time goes by" },
  times: { ja: "{0}倍", en: "{0} times as fast" },
  changed: { ja: "設定が保存されました。読み込み直すと反映されます。", en: "The config was saved. Reload to see it." },
  gallery: { ja: "画面の見本（すべての状態）", en: "Gallery of every state" },
  hour: { ja: "1時間進める", en: "One hour ahead" },
  reload: { ja: "読み込み直す", en: "Reload" },
  scene: { ja: "「{0}」をこの条件で実行した場面へのリンク", en: "Link to a run of {0} under these conditions" },
  settings: { ja: "設定: {0}", en: "Settings: {0}" },
  answer: { ja: "応答", en: "Answer" },
  fault: { ja: "プレビューで選んだ失敗: {0}", en: "Failure chosen in the preview: {0}" },
  noCalls: { ja: "まだ呼び出しはありません。", en: "No calls yet." },
  nothing: { ja: "（なし）", en: "(nothing)" },
  rejected: { ja: "拒否", en: "rejected" },
  sent: { ja: "送った内容（認証情報は伏せています）", en: "What was sent (secrets hidden)" },
  log: { ja: "呼び出しの記録", en: "Log of calls" },
};

/** @param {Words} words */
export function said(words) {
  return words[data.user.language === "ja" ? "ja" : "en"];
}

/**
 * @param {keyof typeof TEXTS} key
 * @param {string} [value] for {0}
 */
export function text(key, value = "") {
  return said(TEXTS[key]).replace("{0}", () => value);
}
