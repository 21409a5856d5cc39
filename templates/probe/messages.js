/** @typedef {keyof typeof TEXTS} Text */

const TEXTS = {
  title: { ja: "Runbutton プローブ", en: "Runbutton probe" },
  intro: {
    ja: "このテスト用アプリで kintone の動作を確かめます。次のことを順に行い、最後に結果の文字列を表示します。結果にホスト名・アプリ ID・利用者・トークン・レコードの内容は含まれません。開始するとページを読み込み直します。",
    en: "Finds out in this test app how your kintone behaves. It does the following one after the other, and ends with a report. The report holds no host, app ID, user, token or record. On Start the page is loaded again.",
  },
  start: { ja: "開始", en: "Start" },
  skip: { ja: "とばす", en: "Skip" },
  doIt: { ja: "実行する", en: "Do it" },
  done: { ja: "済みました。次へ", en: "Done, go on" },
  open: { ja: "設定のページを別のタブで開く", en: "Open that page in another tab" },
  waiting: { ja: "操作をお待ちしています…", en: "Waiting for you…" },
  working: { ja: "確認しています…", en: "Looking…" },
  notYet: {
    ja: "まだ済んでいないようです。設定のページで行ってから、もう一度「次へ」を押すか、とばしてください。",
    en: "It does not seem to be done. Do it on that page and press Done again, or skip it.",
  },
  tokenRefused: {
    ja: "このトークンではレコードを読めませんでした。トークンに「レコード閲覧」の権限があるか、アプリを更新したかを確かめて、もう一度実行するか、とばしてください。",
    en: "The token does not open the records. See whether it may view records and whether the app was updated, then do it again, or skip it.",
  },
  ownApi: {
    ja: "この kintone 自身の REST API を、認証なしで kintone.proxy から呼びます（読み取りだけで、断られます）。",
    en: "Calls this kintone's own REST API through kintone.proxy without signing in (reads only, and is refused).",
  },
  unknownHost: {
    ja: "存在しないホストを kintone.proxy から呼びます。",
    en: "Calls a host that does not exist through kintone.proxy.",
  },
  refusedCalls: {
    ja: "許されないメソッドとヘッダーで kintone.proxy を呼び、断り方を見ます。",
    en: "Calls kintone.proxy with a method and a header that are not allowed, to see how it refuses.",
  },
  severalAtOnce: {
    ja: "同じ呼び出しを 12 個同時に行い、時間を測ります。",
    en: "Makes the same call twelve times at once, and measures the time.",
  },
  functions: {
    ja: "この kintone にある JavaScript API の関数と、ページのセキュリティ設定（項目名だけ）を見ます。イベントの処理中に record.get() を呼ぶとどうなるかも見ます。",
    en: "Looks which JavaScript API functions this kintone has, at the names in the page's security policy, and at what record.get() does while an event is handled.",
  },
  noAnswer: {
    ja: "応答しないアドレス（192.0.2.1、試験用）を kintone.proxy から呼び、何秒で諦めるかを測ります。最大 3 分かかります。",
    en: "Calls an address that never answers (192.0.2.1, reserved for tests) through kintone.proxy and measures when it gives up: up to three minutes.",
  },
  largeAnswer: {
    ja: "js.cybozu.com の大きな公開ファイルを kintone.proxy から取得し、長さだけを記録します。",
    en: "Fetches a large public file of js.cybozu.com through kintone.proxy; only its length is noted.",
  },
  nextRecord: {
    ja: "kintone の矢印ボタンで次（または前）のレコードへ移動してください。",
    en: "Go to the next (or previous) record with kintone's arrow button, please.",
  },
  edit: { ja: "レコードの「編集」を押してください。", en: "Press Edit, please." },
  cancel: { ja: "編集を「キャンセル」してください。", en: "Cancel editing, please." },
  save: {
    ja: "もう一度編集し、何も変えずに「保存」してください（テスト用レコードの更新日時が変わります）。とばしてもかまいません。",
    en: "Edit again and save without changing anything, please (the test record's update time changes). You may skip this.",
  },
  addPlugin: {
    ja: "プラグイン probe-plugin.zip をこのアプリに追加し、アプリを更新してから、プラグインの設定は開かずに、ここに戻って「次へ」を押してください（このページは読み込み直されます）。",
    en: "Add the plug-in probe-plugin.zip to this app and update the app. Do not open its settings yet: come back here and press Done (this page is loaded again).",
  },
  store: {
    ja: "このアプリで「レコード閲覧」だけの API トークンを作ってアプリを更新し、プラグインの設定ページでトークンを入力して「保存する」を押してください。そのあとアプリは更新せずに、ここに戻って「次へ」を押してください。",
    en: "Make an API token of this app that may only view records, and update the app. Type the token into the plug-in's settings page and press Store there. Do not update the app after that: come back here and press Done.",
  },
  updateApp: {
    ja: "アプリを更新し、ここに戻って「次へ」を押してください。",
    en: "Update the app, come back here and press Done.",
  },
  pluginCalls: {
    ja: "プラグインのプロキシから、このアプリのレコードを読み取る呼び出しを 10 回ほど行い、何が付け加えられるかを見ます。",
    en: "Makes about ten calls through the plug-in's proxy that read this app's records, to see what is added to them.",
  },
  remove: {
    ja: "プラグインの設定ページで「消す」を押し、アプリを更新してください。",
    en: "Press Remove on the plug-in's settings page, and update the app.",
  },
  end: {
    ja: "終わりました。下の JSON を report.json として保存し、runbutton probe --compare report.json で比べてください。",
    en: "Done. Save the JSON below as report.json, and compare it by: runbutton probe --compare report.json",
  },
  json: { ja: "結果（JSON）", en: "The report (JSON)" },
  copy: { ja: "コピー", en: "Copy" },
  forget: { ja: "この結果を消して最初から", en: "Forget this and begin anew" },
  byHand: {
    ja: "手で消すもの: API トークン、プラグイン（アプリから外し、システム管理からも削除）、probe.js（アプリの JavaScript 設定）、またはこのテスト用アプリごと。",
    en: "To be removed by hand: the API token, the plug-in (from the app, then from the system administration), probe.js in the app's JavaScript settings; or the whole test app.",
  },
  settingsIntro: {
    ja: "このアプリの「レコード閲覧」だけの API トークンを入力してください。このアプリのこのプラグインの設定に保存され、結果には含まれません。",
    en: "Type an API token of this app that may only view records. It is stored in this plug-in's settings of this app, and is not in the report.",
  },
  token: { ja: "API トークン", en: "API token" },
  storeToken: { ja: "保存する", en: "Store" },
  takeAway: { ja: "消す", en: "Remove" },
  stored: {
    ja: "保存しました。アプリのページに戻ってください（まだアプリを更新しないでください）。",
    en: "Stored. Go back to the app's page (do not update the app yet).",
  },
  removed: {
    ja: "保存したものはすべて消えました。アプリを更新してください。",
    en: "All that was stored is gone. Update the app now.",
  },
  notSaved: {
    ja: "一部を保存できませんでした。もう一度押してください。",
    en: "Not everything could be saved. Press it again, please.",
  },
};

/**
 * @param {Text} key
 * @param {string} language
 */
export function text(key, language) {
  return TEXTS[key][language === "ja" ? "ja" : "en"];
}
