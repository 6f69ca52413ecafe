package ews

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// item is one message, appointment or contact. Its content follows from its place, so that every mailbox has some and
// nothing needs to be stored.
type item struct {
	place
	element string // Message, CalendarItem or Contact
	class   string
	number  int // in its folder, from 1: IMAP gateways use it as the message's number
	subject string
	body    string
	from    person
	to      person
	at      time.Time // when a message was received, when an appointment starts
	until   time.Time // when an appointment ends
	where   string
	read    bool
	company string
	phone   string
}

type person struct{ name, email string }

func (p person) String() string { return fmt.Sprintf("%s <%s>", p.name, p.email) }

// items are what a folder holds, oldest first.
func (s *Service) items(p place) []item {
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

func number(p place, items []item) []item {
	for i := range items {
		items[i].place = place{owner: p.owner, folder: p.folder, item: strconv.Itoa(i + 1)}
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

func (s *Service) unread(p place) int {
	return len(slices.DeleteFunc(s.items(p), func(i item) bool { return i.read }))
}

// itemPlace finds the item that a request names.
func (r *request) itemPlace(id *node) (item, *soapError) {
	p, err := r.service.locate(id.attr("Id"))
	if err != nil {
		return item{}, newSOAPError("ErrorInvalidIdMalformed")
	}
	if problem := r.open(p); problem != nil {
		return item{}, problem
	}
	for _, i := range r.service.items(p) {
		if i.place.item == p.item {
			return i, nil
		}
	}
	return item{}, newSOAPError("ErrorItemNotFound")
}

// timestamp is a time as Exchange writes it.
func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// parseTime reads an xs:dateTime; without a zone it is UTC.
func parseTime(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Parse("2006-01-02T15:04:05.999999999", s)
	}
	return t, nil
}
