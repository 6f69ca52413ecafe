package ews

import (
	"fmt"
	"mime"
	"mime/quotedprintable"
	"strings"
	"time"
)

// mimeContent is the exchange format of the item: RFC 5322 for a message, iCalendar for an appointment.
func (i item) mimeContent() string {
	switch i.element {
	case "Message":
		return i.headers() + "\r\n" + encodeBody(i.body)
	case "CalendarItem":
		return i.iCalendar()
	}
	return ""
}

// messageID is the Internet message id.
func (i item) messageID() string {
	return fmt.Sprintf("<%s-%d.%s@%s>", i.folder.id, i.number, i.owner.Name, DNSDomain)
}

// headers are the headers of a message, each with its line end.
func (i item) headers() string {
	lines := []string{
		"From: " + i.from.String(),
		"To: " + i.to.String(),
		"Subject: " + mime.QEncoding.Encode("utf-8", i.subject),
		"Date: " + i.at.UTC().Format(time.RFC1123Z),
		"Message-ID: " + i.messageID(),
		"MIME-Version: 1.0",
		"Content-Type: text/plain; charset=utf-8",
		"Content-Transfer-Encoding: quoted-printable",
	}
	return strings.Join(lines, "\r\n") + "\r\n"
}

func encodeBody(body string) string {
	var b strings.Builder
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write([]byte(strings.ReplaceAll(body, "\n", "\r\n"))) // a strings.Builder never fails
	_ = w.Close()
	return b.String() + "\r\n"
}

func (i item) iCalendar() string {
	const form = "20060102T150405Z"
	lines := []string{
		"BEGIN:VCALENDAR", "METHOD:PUBLISH", "PRODID:Microsoft Exchange Server 2010", "VERSION:2.0", "BEGIN:VEVENT",
		"UID:" + i.uid(), "SUMMARY:" + i.subject, "LOCATION:" + i.where, "ORGANIZER;CN=" + i.from.name + ":mailto:" + i.from.email,
		"DTSTAMP:" + i.at.UTC().Format(form), "DTSTART:" + i.at.UTC().Format(form), "DTEND:" + i.until.UTC().Format(form),
		"END:VEVENT", "END:VCALENDAR",
	}
	return strings.Join(lines, "\r\n") + "\r\n"
}

// uid is the iCalendar identifier of an appointment.
func (i item) uid() string { return fmt.Sprintf("%s-%d@%s", i.owner.Name, i.number, DNSDomain) }
