// Every sentence of the settings page, in both languages side by side.

export const settingsTexts = {
  title: { ja: "実行ボタンの認証情報", en: "Secrets of the Run buttons" },
  intro: {
    ja: "ここで保存した値はkintoneのサーバーに保管され、アプリの利用者のブラウザーには渡りません。",
    en: "What you save here stays on kintone's server and is never sent to the browsers of the app's users.",
  },
  noUnits: {
    ja: "このアプリには、このプラグインの実行ボタンがありません。設定は不要です。",
    en: "This plug-in has no Run button for this app. There is nothing to set up.",
  },
  saved: { ja: "保存済み", en: "Saved" },
  notSaved: { ja: "未保存", en: "Not saved" },
  keep: { ja: "空のままにすると、保存済みの値を変更しません。", en: "Leave it empty to keep what is saved." },
  needed: { ja: "入力するまで、このボタンは使えません。", en: "The button cannot be used before this is filled in." },
  remove: { ja: "保存済みの値を削除する", en: "Remove what is saved" },
  allows: { ja: "保存すると許可される通信", en: "What saving this allows" },
  beginsWith: { ja: "{method} {url} で始まるアドレス", en: "{method} to addresses that begin with {url}" },
  save: { ja: "保存", en: "Save" },
  cancel: { ja: "キャンセル", en: "Cancel" },
  saving: { ja: "保存しています…", en: "Saving…" },
  done: {
    ja: "保存しました。反映するには、アプリの設定画面で「アプリを更新」を押してください。",
    en: "Saved. To put it into effect, update the app in the app's settings.",
  },
  failed: {
    ja: "次の値を保存できませんでした。もう一度保存してください: {names}",
    en: "This could not be saved; save again: {names}",
  },
  failedConfig: {
    ja: "どのボタンが設定済みかを保存できませんでした。もう一度保存してください。",
    en: "Which buttons are set up could not be saved; save again.",
  },
  spaces: {
    ja: "前後に空白があります。コピーした値を確認してください。",
    en: "There is white space around it. Check the value that you copied.",
  },
};
