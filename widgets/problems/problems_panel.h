#pragma once

#include <QScrollArea>

class QLabel;
class QVBoxLayout;

namespace weft {

class ProjectDocument;

/// Every fault of the network, and what is wrong with it for its data, remarks last; a click jumps to its node.
class ProblemsPanel : public QScrollArea {
    Q_OBJECT

public:
    explicit ProblemsPanel(ProjectDocument* document, QWidget* parent = nullptr);
    int count() const { return m_count; }
    bool hasErrors() const { return m_hasErrors; }

Q_SIGNALS:
    void countChanged();
    void nodeActivated(const std::string& node);

private:
    void refresh();

    ProjectDocument* m_document;
    QVBoxLayout* m_layout;
    int m_count = 0;
    bool m_hasErrors = false;
};

} // namespace weft
