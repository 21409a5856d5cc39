// Every sentence of the page that is not a service's own, in both languages side by side.

/** Words of the button, the panel and the dialog. */
export const texts = {
  confirmBody: { ja: "「{label}」を実行しますか？", en: "Run “{label}”?" },
  confirmSends: { ja: "{service}に送信するフィールド：{fields}", en: "Fields sent to {service}: {fields}" },
  confirmSendsAll: {
    ja: "このレコードのすべてのフィールドを{service}に送信します。",
    en: "All fields of this record are sent to {service}.",
  },
  confirmUnknown: {
    ja: "前回の実行が終わっていない可能性があります。二重に実行されることがあります。",
    en: "The previous run may not have finished; this could run it twice.",
  },
  ok: { ja: "実行する", en: "Run" },
  cancel: { ja: "キャンセル", en: "Cancel" },
  usual: { ja: "（目安 約{time}）", en: " (usually about {time})" },
  started: { ja: "{time} 開始", en: "Started {time}" },
  finished: { ja: "{time} 終了", en: "Ended {time}" },
  copy: { ja: "コピー", en: "Copy" },
  copied: { ja: "コピーしました", en: "Copied" },
  space: { ja: "", en: " " },
  of: { ja: "{label}：", en: "{label}: " },
  inRecord: { ja: "{label}（レコード {record}）", en: "{label} (record {record})" },
  close: { ja: "閉じる", en: "Close" },
  runDetails: { ja: "実行の詳細", en: "Run details" },
  couldNotRun: { ja: "実行できませんでした", en: "Could not run" },
  old: { ja: "画面の値は古い可能性があります。", en: "The values shown may be old." },
  renew: { ja: "最新の情報に更新する", en: "Show the new values" },
  again: { ja: "もう一度実行できます。", en: "You can run it again now." },
  last: { ja: "前回 {time} {word}", en: "Last run {time}: {word}" },
  lastIn: { ja: "前回 {time} {word}（{took}）", en: "Last run {time}: {word} ({took})" },
  comma: { ja: "、", en: ", " },
  colon: { ja: "：", en: ": " },
  elsewhere: { ja: "別のタブで実行中です。", en: "Running in another tab." },
  details: { ja: "詳細", en: "Details" },
  progress: { ja: "経過時間", en: "Elapsed" },
  step: { ja: "{n}/{of} {name}", en: "{n} of {of}: {name}" },
  doneIn: { ja: "{line}（{time}）", en: "{line} ({time})" },
  because: { ja: "{line}。{problem}", en: "{line}: {problem}" },
  resume: { ja: "実行状況を再確認", en: "Check again" },
  offer: {
    ja: "{time}に開始されたジョブがあります。この実行かもしれません。",
    en: "A job was started at {time}. It may be this run.",
  },
  follow: { ja: "このジョブの状況を確認する", en: "Follow it" },
  seconds: { ja: "{n}秒", en: "{n} s" },
  minutes: { ja: "{n}分", en: "{n} min" },
  hours: { ja: "{n}時間", en: "{n} h" },
};

/** What is going on, by the run's state. */
export const stateTexts = {
  idle: { ja: "", en: "" },
  confirming: { ja: "", en: "" },
  starting: { ja: "開始しています…", en: "Starting…" },
  queued: { ja: "開始を待っています…", en: "Waiting to start…" },
  running: { ja: "実行中です…", en: "Running…" },
  succeeded: { ja: "完了しました", en: "Done" },
  failed: { ja: "失敗しました", en: "Failed" },
  canceled: { ja: "途中で終了しました", en: "Stopped before the end" },
  skipped: { ja: "実行されませんでした", en: "Did not run" },
  unknown: { ja: "結果を確認できませんでした", en: "Result unknown" },
};

/** How a record's last run ended. */
export const lastTexts = {
  succeeded: { ja: "完了", en: "done" },
  failed: { ja: "失敗", en: "failed" },
  canceled: { ja: "途中で終了", en: "stopped" },
  unknown: { ja: "結果不明", en: "result unknown" },
};

/** The state of one step. */
export const stepTexts = {
  queued: { ja: "待機中", en: "Waiting" },
  running: { ja: "実行中", en: "Running" },
  succeeded: { ja: "完了", en: "Done" },
  failed: { ja: "失敗", en: "Failed" },
  canceled: { ja: "未実行", en: "Not run" },
};

/** Whether anything ran. */
export const ranTexts = {
  nothing: { ja: "何も実行されていません。", en: "Nothing was run." },
  maybe: { ja: "実行が始まっている可能性があります。", en: "The run may have started." },
  underWay: { ja: "実行は続いている可能性があります。", en: "The run may still be under way." },
};

/** What to do, or whom to tell. */
export const advices = {
  setUp: {
    ja: "アプリ管理者に、このボタンの設定の確認を依頼してください。",
    en: "Ask the app administrator to check this button's settings.",
  },
  retry: { ja: "時間をおいて、もう一度実行してください。", en: "Wait a moment, then run it again." },
  admin: {
    ja: "アプリ管理者に「詳細」の内容を伝えてください。",
    en: "Send the details below to the app administrator.",
  },
  checkLog: {
    ja: "再実行する前に、実行済みかどうかをアプリ管理者に確認してください。",
    en: "Before running it again, ask the app administrator whether it ran.",
  },
  record: {
    ja: "レコードの値を確認してから、もう一度実行してください。",
    en: "Check the record's values, then run it again.",
  },
  resume: { ja: "時間をおいて「実行状況を再確認」を押してください。", en: "Press “Check again” in a few minutes." },
};

/** What can happen to any run. */
export const runTexts = {
  notSetUp: {
    ja: "このボタンの認証情報がまだ設定されていません。",
    en: "This button's credentials have not been set up yet.",
  },
  setUp: {
    ja: "アプリ管理者に、プラグインの設定で「{label}」の認証情報を保存してアプリを更新するよう依頼してください。",
    en: "Ask the app administrator to save the credentials for “{label}” in the plug-in settings and update the app.",
  },
  tooSoon: { ja: "短時間に続けて実行できる回数を超えました。", en: "It was run too many times in a short period." },
  startAgainIn: { ja: "{seconds}秒後に実行できます。", en: "You can run it again in {seconds} seconds." },
  left: { ja: "開始処理の途中でページが閉じられました。", en: "The page was closed while the run was starting." },
  tabGone: { ja: "実行を開始したタブが閉じられました。", en: "The tab that started this run was closed." },
  timeout: {
    ja: "{minutes}分以内に終わらなかったため、このページでの確認を終了しました。",
    en: "It did not finish within {minutes} minutes, so this page stopped checking.",
  },
  formWait: {
    ja: "ページの準備が終わるのを待っています…",
    en: "Waiting until the page is ready…",
  },
  formBusy: {
    ja: "ページでほかの処理が続いているため、値を読み取れませんでした。",
    en: "The values on this page could not be read: something else on it is still running.",
  },
  unexpected: { ja: "予期しないエラーが発生しました。", en: "An unexpected error occurred." },
};
