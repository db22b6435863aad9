#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <QString>

#include "core/base/diagnostic.h"
#include "core/base/shape.h"
#include "core/base/text.h"
#include "core/base/tree.h"

namespace weft {

class LayerSpec;
struct ParamSpec;

/// The text in the user's language, if a translation is loaded.
QString translated(const Text& text);
/// The message in the user's language, arguments filled in.
QString translated(const Message& message);
/// The same for a fault; inside a block the way to the node stands before it.
QString translated(const Diagnostic& diagnostic);

/// The layer's name in the user's language: "Dense", "全连接"; a block's own name.
QString layerTitle(const LayerSpec& layer);
/// A choice of a parameter in the user's language: "valid", "无填充".
QString choiceText(const std::string& choice);

/// An integer with the language's thousands separators: "61,706".
QString formatCount(std::int64_t count);
/// A large number in three digits: "416", "12.4 k", "0.42 M", "1.20 G".
QString formatLarge(double number);
/// Bytes with a decimal unit: "6.3 kB".
QString formatBytes(double bytes);
/// A shape as it stands on wires: "N×6×28×28"; a scalar is "1".
QString formatShape(const Shape& shape);
/// A list of integers as it stands in fields and on nodes: "5 × 5".
QString formatIntegers(const Tree& list, const QString& separator = QStringLiteral(" × "));
/// Reads "5 × 5", "5x5", "5, 5" or "5"; nullopt when something else stands there.
std::optional<std::vector<std::int64_t>> parseIntegers(const QString& text);
/// A parameter's value as one reads it: numbers, "yes"/"no", texts, lists.
QString formatValue(const Tree& value);
/// The same for a parameter of a layer: choices in the user's language.
QString paramValueText(const ParamSpec& param, const Tree& value);
/// "useBias" → "Use bias": the label of a parameter that declares none.
QString labelFromKey(const std::string& key);

} // namespace weft
