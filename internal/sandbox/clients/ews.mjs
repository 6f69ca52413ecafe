// Signs in to EWS with ews-javascript-api as the environment variables say, reads what a mail program would, and prints
// the result as JSON. An error is printed too, with the name that the library uses.
import ews from 'ews-javascript-api';
import xhr from '@ewsjs/xhr';

const { EWS_URL, EWS_USER, EWS_PASSWORD, EWS_SCHEME, EWS_IMPERSONATE } = process.env;

const service = new ews.ExchangeService(ews.ExchangeVersion.Exchange2013_SP1);
service.Url = new ews.Uri(EWS_URL);
if (EWS_SCHEME === 'NTLM') {
  const api = new xhr.XhrApi();
  api.useNtlmAuthentication(EWS_USER, EWS_PASSWORD);
  service.XHRApi = api;
}
service.Credentials = new ews.WebCredentials(EWS_USER, EWS_PASSWORD);
if (EWS_IMPERSONATE) {
  service.ImpersonatedUserId = new ews.ImpersonatedUserId(ews.ConnectingIdType.SmtpAddress, EWS_IMPERSONATE);
}

async function read() {
  const inbox = await ews.Folder.Bind(service, ews.WellKnownFolderName.Inbox);
  const folders = await service.FindFolders(ews.WellKnownFolderName.MsgFolderRoot, new ews.FolderView(50));
  const messages = await service.FindItems(ews.WellKnownFolderName.Inbox, new ews.ItemView(10));
  const message = await ews.EmailMessage.Bind(service, messages.Items[0].Id);
  const start = ews.DateTime.Now.Add(-1, 'day');
  const view = new ews.CalendarView(start, start.Add(7, 'day'));
  const appointments = await service.FindAppointments(ews.WellKnownFolderName.Calendar, view);
  const contacts = await service.FindItems(ews.WellKnownFolderName.Contacts, new ews.ItemView(10));
  const resolved = await service.ResolveName('smtp:ada@example.com');
  const converted = await service.ConvertId(
    new ews.AlternateId(ews.IdFormat.EwsId, inbox.Id.UniqueId, 'blah@blah.com'), ews.IdFormat.EwsId);
  return {
    inbox: inbox.DisplayName, total: inbox.TotalCount, unread: inbox.UnreadCount,
    folders: folders.Folders.map((folder) => folder.DisplayName),
    subjects: messages.Items.map((item) => item.Subject),
    body: message.Body.Text, from: message.From.Address,
    appointments: appointments.Items.map((item) => item.Subject),
    contacts: contacts.Items.map((item) => item.DisplayName),
    resolved: [...Array(resolved.Count).keys()].map((i) => resolved._getItem(i).Mailbox.Address),
    mailbox: converted.Mailbox,
    server: service.ServerInfo.MajorVersion,
  };
}

let result;
try {
  result = await read();
} catch (error) {
  const code = ews.ServiceError[error.ResponseCode];
  result = { error: error.HttpStatusCode === 401 ? 'Unauthorized' : code ?? String(error) };
}
console.log(JSON.stringify(result));
