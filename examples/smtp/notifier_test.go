package smtp_test

import (
	"context"
	"io"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"

	server "github.com/emersion/go-smtp"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/examples/smtp"
	"github.com/practiceaudit/practiceaudit/loop"
)

// postbox is a real SMTP server on loopback that keeps what it receives.
type postbox struct {
	mu       sync.Mutex
	messages []string
	refuse   error // what RCPT is answered with
}

func (p *postbox) NewSession(*server.Conn) (server.Session, error) { return session{p}, nil }

type session struct{ p *postbox }

func (session) Reset()                                 {}
func (session) Logout() error                          { return nil }
func (session) Mail(string, *server.MailOptions) error { return nil }
func (s session) Rcpt(string, *server.RcptOptions) error {
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	return s.p.refuse
}
func (s session) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	s.p.messages = append(s.p.messages, string(text))
	return err
}

func start(t *testing.T) (*postbox, *smtp.Notifier) {
	t.Helper()
	box := &postbox{}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := server.NewServer(box)
	s.Domain = "localhost"
	done := make(chan struct{})
	go func() { defer close(done); _ = s.Serve(listener) }()
	t.Cleanup(func() { _ = s.Close(); <-done })
	return box, &smtp.Notifier{
		Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, From: "audits@example.org", Plain: true,
		Address: func(to loop.Recipient) (string, error) {
			if to.Person == "" {
				return "", nil
			}
			return string(to.Person) + "@example.org", nil
		},
	}
}

var notice = loop.Notice{
	ID: "n1", Stream: "s1", Case: "104233", Critical: true, Why: "as Divisional Manager of this case",
	To:      loop.Recipient{Role: audit.RoleDivisionalManager, Person: "d.shah"},
	Subject: "Inadequate: case 104233,\r\nBcc: everybody@example.org", Body: "A plan is needed today.",
}

func TestANoticeArrivesAndItsRepeatCanBeKnown(t *testing.T) {
	box, n := start(t)
	for range 2 {
		if err := n.Notify(context.Background(), notice); err != nil {
			t.Fatal(err)
		}
	}
	if len(box.messages) != 2 {
		t.Fatalf("%d messages", len(box.messages))
	}
	for _, text := range box.messages {
		m, err := mail.ReadMessage(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(m.Body)
		if err != nil {
			t.Fatal(err)
		}
		for header, want := range map[string]string{
			"To": "<d.shah@example.org>", "Message-Id": "<n1@practiceaudit>", "X-Notice-Id": "n1", "Importance": "high", "Bcc": "",
			"Subject": "Inadequate: case 104233, Bcc: everybody@example.org",
		} {
			if got := m.Header.Get(header); got != want {
				t.Errorf("%s: %q, want %q", header, got, want)
			}
		}
		if !strings.Contains(string(body), "A plan is needed today.") || !strings.Contains(string(body), "Reference s1.") {
			t.Errorf("body %q", body)
		}
	}
}

func TestARefusalIsAnErrorForTheEngineToTryAgain(t *testing.T) {
	box, n := start(t)
	for _, code := range []int{451, 550} {
		box.mu.Lock()
		box.refuse = &server.SMTPError{Code: code, Message: "not now"}
		box.mu.Unlock()
		if err := n.Notify(context.Background(), notice); err == nil || !strings.Contains(err.Error(), "n1") {
			t.Errorf("%d: %v", code, err)
		}
	}
}

func TestWhatCannotBeSentSaysWhy(t *testing.T) {
	_, n := start(t)
	unknown := notice
	unknown.To.Person = ""
	if err := n.Notify(context.Background(), unknown); err == nil || !strings.Contains(err.Error(), "no e-mail address is known") {
		t.Errorf("unknown recipient: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := n.Notify(ctx, notice); err == nil {
		t.Error("sent though it was cancelled")
	}
	n.Plain = false
	if err := n.Notify(context.Background(), notice); err == nil || !strings.Contains(err.Error(), "STARTTLS") {
		t.Errorf("a server without STARTTLS: %v", err)
	}
}
