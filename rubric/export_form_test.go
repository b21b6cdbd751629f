package rubric

// Scans reports whether a stored form is read the fast way.
func (fr *FormReader) Scans(src []byte) bool { return fr.scan(src) && fr.bound.bind(fr.sheet) }

// ReadWithCase also returns the reference to the case.
func (fr *FormReader) ReadWithCase(src []byte) (*Form, string, error) {
	f, ref, err := fr.read(src)
	return f, string(ref), err
}
