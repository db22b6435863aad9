#pragma once

#include <QFrame>

#include "core/base/diagnostic.h"

namespace weft {

class ProjectDocument;

/// One fault with its sign, its sentence, and its remedies as links.
class ProblemCard : public QFrame {
    Q_OBJECT

public:
    /// `title` is the node's name; empty shows none.
    ProblemCard(const Diagnostic& diagnostic, const QString& title, ProjectDocument* document, QWidget* parent = nullptr);

Q_SIGNALS:
    /// The card was clicked beside its links.
    void activated(const std::string& node);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    Diagnostic m_diagnostic;
};

/// Carries out a remedy as one undo step; a remedy that no longer fits does nothing.
void applyFix(ProjectDocument* document, const Fix& fix);

} // namespace weft
