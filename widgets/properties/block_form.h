#pragma once

#include <functional>
#include <string>

#include <QWidget>

#include "core/network/network.h"

class QGridLayout;
class QLineEdit;

namespace weft {

class ProjectDocument;

/// The definition of a block: its name, its summary, and the parameters that each instance sets.
class BlockForm : public QWidget {
    Q_OBJECT

public:
    BlockForm(ProjectDocument* document, std::string id, QWidget* parent = nullptr);

private:
    void refresh();
    void addRow(const BlockParam& param);
    void addParam();
    void setText(const char* field, const QString& name, const std::string& before, const QLineEdit* from);
    void setParams(const QString& name, const std::vector<BlockParam>& params);
    void changeParam(const std::string& key, const std::function<void(BlockParam&)>& change);
    const Block* block() const;

    ProjectDocument* m_document;
    std::string m_block;
    std::vector<BlockParam> m_shown;
    QLineEdit* m_name;
    QLineEdit* m_summary;
    QWidget* m_rows = nullptr;
    QGridLayout* m_rowsLayout = nullptr;
    QLineEdit* m_newKey;
};

} // namespace weft
