// Every sentence of the page that is not a service's own, in both languages side by side.

/** Words of the button, the panel and the dialog. */
export const texts = {
  confirmBody: { ja: "「{label}」を実行しますか？", en: "Do you want to run “{label}”?" },
  confirmSends: { ja: "{service}に送信するフィールド：{fields}", en: "Fields sent to {service}: {fields}" },
  confirmSendsAll: {
    ja: "このレコードのすべてのフィールドを{service}に送信します。",
    en: "All fields of this record are sent to {service}.",
  },
  confirmUnknown: {
    ja: "前回の実行がまだ続いているかもしれません。",
    en: "The run before this one may still be under way.",
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
  elsewhere: { ja: "別のタブで実行しています。", en: "It is being run from another tab." },
  details: { ja: "詳細", en: "Details" },
  progress: { ja: "経過", en: "Progress" },
  step: { ja: "{n}/{of} {name}", en: "{n} of {of}: {name}" },
  doneIn: { ja: "{line}（{time}）", en: "{line} ({time})" },
  because: { ja: "{line}。{problem}", en: "{line}: {problem}" },
  resume: { ja: "状況をもう一度確認する", en: "Check again" },
  offer: {
    ja: "{time}に開始されたジョブがあります。この実行かもしれません。",
    en: "A job was started at {time}. It may be this run.",
  },
  follow: { ja: "このジョブの状況を確認する", en: "Follow it" },
  accepted: { ja: "開始を待っています…", en: "Waiting to start…" },
  seconds: { ja: "{n}秒", en: "{n} s" },
  minutes: { ja: "{n}分", en: "{n} min" },
  hours: { ja: "{n}時間", en: "{n} h" },
};

/** What is going on, by the run's state. */
export const stateTexts = {
  idle: { ja: "", en: "" },
  confirming: { ja: "", en: "" },
  starting: { ja: "開始しています…", en: "Starting…" },
  queued: { ja: "順番を待っています…", en: "Waiting in the queue…" },
  running: { ja: "実行中です…", en: "Running…" },
  succeeded: { ja: "完了しました", en: "Done" },
  failed: { ja: "失敗しました", en: "Failed" },
  canceled: { ja: "取り消されました", en: "Canceled" },
  skipped: { ja: "実行されませんでした", en: "Did not run" },
  unknown: { ja: "結果を確認できません", en: "The outcome is not known" },
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
  canceled: { ja: "中止", en: "Canceled" },
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
    ja: "アプリの管理者に、このボタンの設定を確認してもらってください。",
    en: "Ask the app's administrator to check how this button is set up.",
  },
  retry: {
    ja: "少し待ってから、もう一度実行してください。",
    en: "Wait a little, then run it again.",
  },
  admin: {
    ja: "アプリの管理者に、下の詳細を伝えてください。",
    en: "Give the details below to the app's administrator.",
  },
  checkLog: {
    ja: "もう一度実行する前に、実行されたかどうかを管理者に確認してください。",
    en: "Ask the administrator whether it ran before you run it again.",
  },
  record: {
    ja: "レコードの値を確認してから、もう一度実行してください。",
    en: "Check the record's values, then run it again.",
  },
  resume: {
    ja: "しばらくしてから、状況をもう一度確認してください。",
    en: "Check again in a while.",
  },
};

/** What can happen to any run. */
export const runTexts = {
  notSetUp: {
    ja: "このボタンは、まだ使えるように設定されていません。",
    en: "This button has not been set up yet.",
  },
  setUp: {
    ja: "アプリの管理者に、プラグインの設定で「{label}」の認証情報を保存し、アプリを更新するよう伝えてください。",
    en: "Ask the app's administrator to save the secret of “{label}” in the plug-in's settings and to update the app.",
  },
  tooSoon: {
    ja: "短い時間に続けて実行されています。",
    en: "It was run several times within a short time.",
  },
  startAgainIn: {
    ja: "{seconds}秒たつと、もう一度実行できます。",
    en: "It can be run again in {seconds} seconds.",
  },
  left: {
    ja: "開始している途中で、このページが閉じられました。",
    en: "This page was left while the run was being started.",
  },
  tabGone: {
    ja: "この実行を見ていたタブが閉じられたため、結果を確認できません。",
    en: "The tab that followed this run was closed.",
  },
  timeout: {
    ja: "{minutes}分たっても終わらないため、確認を止めました。",
    en: "It has not ended within {minutes} minutes, so this page stopped following it.",
  },
  formWait: {
    ja: "ページの準備が終わるのを待っています…",
    en: "Waiting until the page is ready…",
  },
  formBusy: {
    ja: "このページの値を読み取れませんでした。ページでほかの処理が続いています。",
    en: "The values on this page could not be read: something else on it is still at work.",
  },
  unexpected: { ja: "このボタンで予期しない問題が起きました。", en: "Something unexpected went wrong in this button." },
};
