#pragma once

#include <QStringList>
#include <QWidget>

#include "core/layers/layer_spec.h"
#include "core/network/expression.h"

namespace weft {

/// A field for one parameter of a layer, made from its declaration.
class ParamEditor : public QWidget {
    Q_OBJECT

public:
    /// Chooses the kind of field by the parameter's kind. `columns` are the data's columns, if known.
    /// Where `names` has some, numbers may also be expressions of them.
    static ParamEditor* create(const ParamSpec& param, const QStringList& columns, QWidget* parent, const NamedIntegers& names = {});

    /// Shows a value without telling anyone.
    virtual void setValue(const Tree& value) = 0;

Q_SIGNALS:
    /// The user gave a valid value.
    void valueEdited(const weft::Tree& value);

protected:
    explicit ParamEditor(QWidget* parent) : QWidget(parent) {}
    /// Puts the field into this widget.
    void setField(QWidget* field);
};

/// "Label" of a parameter in the user's language, made from the key when none is declared.
QString paramLabel(const ParamSpec& param);
/// The help sentence with the range or choices: "Number of filters. 1 to 65,536."
QString paramHelp(const ParamSpec& param);

} // namespace weft
