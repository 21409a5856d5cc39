// kintone's JavaScript API that @kintone/dts-gen does not declare yet (2025-09 and later), and the proxy's actual
// types. Optional, because an older kintone does not have them. Source: cybozu.dev, kintone JavaScript API.
interface ConfirmConfig {
  title?: string;
  body?: string;
  showOkButton?: boolean;
  okButtonText?: string;
  showCancelButton?: boolean;
  cancelButtonText?: string;
  showCloseButton?: boolean;
}
type DialogAction = "OK" | "CANCEL" | "CLOSE" | "FUNCTION";
interface DialogConfig extends Omit<ConfirmConfig, "body"> {
  body: Element;
  /** Keeps the dialog open with false. */
  beforeClose?(action: DialogAction): boolean | globalThis.Promise<boolean>;
}
interface KintoneDialog {
  show(): globalThis.Promise<DialogAction>;
  /** Closes it as "FUNCTION". */
  close(): globalThis.Promise<void>;
}
type ConfirmResult = "OK" | "CANCEL" | "CLOSE";
type NotificationType = "ERROR" | "SUCCESS" | "INFO";

declare namespace kintone {
  const createDialog: (config: DialogConfig) => globalThis.Promise<KintoneDialog>;
  const showConfirmDialog: (config: ConfirmConfig) => globalThis.Promise<ConfirmResult>;
  const showNotification: (type: NotificationType, message: string) => globalThis.Promise<void>;
  const user: {
    getGroups(): globalThis.Promise<{ code: string }[]>;
    getOrganizations(): globalThis.Promise<{ organization: { code: string } }[]>;
  };
  namespace app {
    const getQueryCondition: () => string | null;
    const getFormFields: (() => globalThis.Promise<Record<string, { label: string }>>) | undefined;
  }
  namespace mobile {
    const createBottomSheet: (config: DialogConfig) => globalThis.Promise<KintoneDialog>;
    const showConfirmBottomSheet: (config: ConfirmConfig) => globalThis.Promise<ConfirmResult>;
    const showNotification: (type: NotificationType, message: string) => globalThis.Promise<void>;
  }
}
