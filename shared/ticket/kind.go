package ticket

// Kind says what a visitor wants of the desk. The values are the names used in the
// table, the API and the office file.
type Kind string

// The kinds of matter (诉求类型) the desk takes.
const (
	Complaint  Kind = "complaint"  // 投诉
	Report     Kind = "report"     // 举报: read by discipline alone
	Suggestion Kind = "suggestion" // 建议
	Enquiry    Kind = "enquiry"    // 咨询
	Praise     Kind = "praise"     // 表扬
	Feedback   Kind = "feedback"   // 监督员意见
	Resolution Kind = "resolution" // 会议议定事项
)

// Kinds lists every kind, in the order pages show them.
func Kinds() []Kind {
	return []Kind{Complaint, Report, Suggestion, Enquiry, Praise, Feedback, Resolution}
}

// VisitorKinds lists the kinds anyone may file without an account.
func VisitorKinds() []Kind {
	return []Kind{Complaint, Report, Suggestion, Enquiry, Praise}
}

// Known reports whether k is one of Kinds.
func (k Kind) Known() bool {
	switch k {
	case Complaint, Report, Suggestion, Enquiry, Praise, Feedback, Resolution:
		return true
	}
	return false
}

// Confidential reports whether only discipline may read tickets of this kind
// (信访工作条例 art. 30: a 举报 is never shown or passed on to those it names).
func (k Kind) Confidential() bool { return k == Report }

// Sections with a duty of their own. Every office file declares both.
const (
	OfficeSection     = "office"     // 政务公开办公室: owns whatever nobody else does
	DisciplineSection = "discipline" // 纪检: the only readers of 举报
)
