/** The one script a page needs. Registration only, so that a site may import the class and name it differently. */
import { AdvisingChatElement } from "./advising-chat-element.js";

if (!customElements.get("advising-chat")) {
  customElements.define("advising-chat", AdvisingChatElement);
}

export { AdvisingChatElement };
