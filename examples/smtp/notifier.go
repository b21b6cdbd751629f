// Package smtp sends notices by e-mail.
//
//	notifier := &smtp.Notifier{
//		Host: "mail.example.org", Port: 587, From: "audits@example.org",
//		Address: func(to loop.Recipient) (string, error) { return directory[to.Person], nil },
//	}
//	engine := &loop.Engine{Store: store, Notifier: notifier, Env: env, Now: time.Now}
//	for range time.Tick(10 * time.Second) {
//		engine.Tick(ctx)
//	}
//
// A notice may be delivered more than once: every copy has the same Message-ID
// and X-Notice-Id, on which mail programs and filters can deduplicate.
package smtp

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"github.com/practiceaudit/practiceaudit/loop"
)

// Notifier is a [loop.Notifier] that sends each notice as an e-mail. It is safe
// for concurrent use.
type Notifier struct {
	Host     string
	Port     int
	From     string
	Username string // empty: no sign-in
	Password string
	Timeout  time.Duration // of each step with the server; 0 is 15 seconds

	// Plain sends without encryption, for a server on this machine. Otherwise
	// a server that does not offer STARTTLS is an error.
	Plain bool

	// Address finds a recipient's e-mail address: the person's, or that of
	// whoever holds the role where no person is known.
	Address func(loop.Recipient) (string, error)
}

// Notify sends one notice. An error leaves it to the engine to try again.
func (n *Notifier) Notify(ctx context.Context, notice loop.Notice) error {
	to, err := n.Address(notice.To)
	if err == nil && to == "" {
		err = errors.New("no e-mail address is known")
	}
	if err != nil {
		return fmt.Errorf("notice %s to %s %s: %w", notice.ID, notice.To.Role, notice.To.Person, err)
	}
	message, err := n.message(notice, to)
	if err != nil {
		return fmt.Errorf("notice %s: %w", notice.ID, err)
	}
	client, err := mail.NewClient(n.Host, n.options()...)
	if err != nil {
		return err
	}
	if err := client.DialAndSendWithContext(ctx, message); err != nil {
		return fmt.Errorf("notice %s: %w", notice.ID, err)
	}
	return nil
}

func (n *Notifier) message(notice loop.Notice, to string) (*mail.Msg, error) {
	m := mail.NewMsg()
	if err := errors.Join(m.From(n.From), m.To(to)); err != nil {
		return nil, err
	}
	m.Subject(strings.Join(strings.Fields(notice.Subject), " "))
	m.SetMessageIDWithValue(fmt.Sprintf("%s@practiceaudit", notice.ID))
	m.SetGenHeader("X-Notice-Id", string(notice.ID))
	if notice.Critical {
		m.SetImportance(mail.ImportanceHigh)
	}
	m.SetBodyString(mail.TypeTextPlain, fmt.Sprintf("%s\n\nYou are told %s. Reference %s.\n", notice.Body, notice.Why, notice.Stream))
	return m, nil
}

func (n *Notifier) options() []mail.Option {
	timeout := n.Timeout
	if timeout == 0 {
		timeout = 15 * time.Second
	}
	options := []mail.Option{mail.WithPort(n.Port), mail.WithTimeout(timeout), mail.WithTLSPolicy(mail.TLSMandatory)}
	if n.Plain {
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	}
	if n.Username != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthPlain), mail.WithUsername(n.Username), mail.WithPassword(n.Password))
	}
	return options
}
