package ews

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// item is a message, an appointment or a contact. Its content is derived from its location, so every mailbox has some
// items and nothing needs to be stored.
type item struct {
	location
	element string // Message, CalendarItem or Contact
	class   string
	number  int // in its folder, from 1: IMAP gateways use it as the number of the message
	subject string
	body    string
	from    person
	to      person
	at      time.Time // when a message was received, or an appointment starts
	until   time.Time // when an appointment ends
	where   string
	read    bool
	company string
	phone   string
}

type person struct{ name, email string }

func (p person) String() string { return fmt.Sprintf("%s <%s>", p.name, p.email) }

// items are the items of a folder, the oldest first.
func (s *Service) items(p location) []item {
	owner := person{p.owner.DisplayName, p.owner.Email}
	friend := person{"Mary Somerville", "mary@example.com"}
	day := s.started.UTC().Truncate(24 * time.Hour)
	switch p.folder.id {
	case "inbox":
		return number(p, []item{
			message("Welcome", "Your mailbox is ready.", friend, owner, s.started.Add(-48*time.Hour), true),
			message("Grüße aus dem Büro", "Lunch on Friday? — Mary\n\n.\nThe line above is a lone dot.", friend, owner,
				s.started.Add(-90*time.Minute), false),
		})
	case "sentitems":
		return number(p, []item{
			message("Re: Welcome", "Thank you!", owner, friend, s.started.Add(-47*time.Hour), true),
		})
	case "calendar":
		return number(p, []item{
			appointment("Weekly review", "Room 1", owner, day.Add(24*time.Hour+9*time.Hour), time.Hour),
			appointment("Customer call", "Phone", owner, day.Add(48*time.Hour+14*time.Hour), 30*time.Minute),
		})
	case "contacts":
		return number(p, []item{
			contact(person{"Charles Babbage", "charles@example.com"}, "Analytical Engines", "+44 20 7946 0001", s.started),
			contact(friend, "Royal Astronomical Society", "+44 20 7946 0002", s.started),
		})
	}
	return nil
}

func number(p location, items []item) []item {
	for i := range items {
		items[i].location = location{owner: p.owner, folder: p.folder, item: strconv.Itoa(i + 1)}
		items[i].number = i + 1
	}
	return items
}

func message(subject, body string, from, to person, at time.Time, read bool) item {
	return item{
		element: "Message", class: "IPM.Note", subject: subject, body: body, from: from, to: to, at: at, read: read,
	}
}

func appointment(subject, where string, organizer person, at time.Time, length time.Duration) item {
	return item{
		element: "CalendarItem", class: "IPM.Appointment", subject: subject, body: subject + ".", from: organizer,
		at: at, until: at.Add(length), where: where, read: true,
	}
}

func contact(who person, company, phone string, at time.Time) item {
	return item{
		element: "Contact", class: "IPM.Contact", subject: who.name, to: who, at: at, company: company, phone: phone,
		read: true,
	}
}

func (s *Service) unread(p location) int {
	return len(slices.DeleteFunc(s.items(p), func(i item) bool { return i.read }))
}

// resolveItem returns the item that a request names, and checks the rights.
func (r *request) resolveItem(id *node) (item, *soapError) {
	p, err := r.service.parseID(id.attr("Id"))
	if err != nil {
		return item{}, newSOAPError("ErrorInvalidIdMalformed")
	}
	if soapErr := r.checkAccess(p); soapErr != nil {
		return item{}, soapErr
	}
	for _, i := range r.service.items(p) {
		if i.location.item == p.item {
			return i, nil
		}
	}
	return item{}, newSOAPError("ErrorItemNotFound")
}

// timestamp formats a time as Exchange does.
func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// parseTime parses an xs:dateTime. Without a zone it is UTC.
func parseTime(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Parse("2006-01-02T15:04:05.999999999", s)
	}
	return t, nil
}
