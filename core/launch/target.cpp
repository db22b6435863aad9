#include "core/launch/target.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <QRegularExpression>

#include "core/base/error.h"
#include "core/base/nearest.h"

namespace weft {

namespace {

constexpr const char* kindNames[] = {"local", "mpi", "slurm", "kubernetes"};

std::vector<std::string> splitList(const std::string& text)
{
    std::vector<std::string> parts;
    std::size_t begin = 0;
    while (begin < text.size()) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        if (end > begin)
            parts.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

std::optional<std::int64_t> wholeNumber(const std::string& text)
{
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    return fault == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

bool fits(const std::string& text, const char* pattern)
{
    const QRegularExpression whole(QRegularExpression::anchoredPattern(QString::fromLatin1(pattern)));
    return whole.match(QString::fromStdString(text)).hasMatch();
}

bool isName(const std::string& text)
{
    return text.size() <= 253 && fits(text, "[a-z0-9]([-a-z0-9.]*[a-z0-9])?");
}

/// A name that begins with a dash would be an option to ssh.
bool isHost(const std::string& text)
{
    return fits(text, "([A-Za-z0-9_][A-Za-z0-9_.-]*@)?[A-Za-z0-9_][A-Za-z0-9_.-]*");
}

bool isHostWithSlots(const std::string& text)
{
    const std::size_t colon = text.find(':');
    const auto count = colon == std::string::npos ? std::optional<std::int64_t>(1) : wholeNumber(text.substr(colon + 1));
    return isHost(text.substr(0, colon)) && count && *count >= 1 && *count <= 1024;
}

template <class Test> bool allFit(const std::string& value, Test test)
{
    const std::vector<std::string> parts = splitList(value);
    return !parts.empty() && std::all_of(parts.begin(), parts.end(), test);
}

bool isPair(const std::string& text)
{
    const std::size_t equals = text.find('=');
    return equals != std::string::npos && equals > 0;
}

/// What to say of a value that does not look as its kind should.
std::optional<Text> faultOf(FieldKind kind, const std::string& value)
{
    const auto unless = [](bool isFine, Text text) { return isFine ? std::nullopt : std::optional(text); };
    switch (kind) {
    case FieldKind::Name: return unless(isName(value), WEFT_TEXT("Target", "%1 takes a name of small letters, digits, - and ., not \"%2\"."));
    case FieldKind::Names:
        return unless(allFit(value, isName), WEFT_TEXT("Target", "%1 takes names of small letters, digits, - and ., separated by commas, not \"%2\"."));
    case FieldKind::Quantity:
        return unless(fits(value, "[0-9]+(\\.[0-9]+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?"),
                      WEFT_TEXT("Target", "%1 takes a quantity such as 4, 500m or 8Gi, not \"%2\"."));
    case FieldKind::Host: return unless(isHost(value), WEFT_TEXT("Target", "%1 takes a host that ssh knows, such as node1 or me@node1, not \"%2\"."));
    case FieldKind::Hosts:
        return unless(allFit(value, isHostWithSlots), WEFT_TEXT("Target", "%1 takes hosts with their ranks, such as node1:4,node2:4, not \"%2\"."));
    case FieldKind::Pairs: return unless(allFit(value, isPair), WEFT_TEXT("Target", "%1 takes pairs such as disk=ssd,zone=b, not \"%2\"."));
    case FieldKind::Path: return unless(value.front() != '-', WEFT_TEXT("Target", "%1 takes a path, which does not begin with -, not \"%2\"."));
    default: return std::nullopt;
    }
}

void checkValue(const TargetField& field, const std::string& value)
{
    const std::string key = field.key;
    if (std::any_of(value.begin(), value.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
        throw Error(WEFT_TEXT("Target", "%1 takes one line of text without control characters."), key);
    if (field.kind == FieldKind::Integer) {
        const std::optional<std::int64_t> number = wholeNumber(value);
        if (!number || *number < field.minimum || *number > field.maximum)
            throw Error(WEFT_TEXT("Target", "%1 takes a whole number from %2 to %3, not \"%4\"."), key, field.minimum, field.maximum, value);
    }
    if (field.kind == FieldKind::Choice && std::find(field.choices.begin(), field.choices.end(), value) == field.choices.end()) {
        std::string choices;
        for (const char* choice : field.choices)
            choices += (choices.empty() ? "" : ", ") + std::string(choice);
        throw Error(WEFT_TEXT("Target", "%1 takes one of %2, not \"%3\"."), key, choices, value);
    }
    if (const std::optional<Text> fault = faultOf(field.kind, value))
        throw Error(*fault, key, value);
    if (key == "proxy" && value.find('@') != std::string::npos)
        throw Error(WEFT_TEXT("Target", "A target holds no passwords: give the proxy without user and password, as in http://proxy:3128."));
}

const TargetField* findField(TargetKind kind, const std::string& key)
{
    for (const TargetField& field : targetFields(kind)) {
        if (key == field.key)
            return &field;
    }
    return nullptr;
}

const TargetField& fieldOf(TargetKind kind, const std::string& key)
{
    if (const TargetField* field = findField(kind, key))
        return *field;
    std::vector<std::string> known;
    for (const TargetField& field : targetFields(kind))
        known.push_back(field.key);
    const std::string near = nearest(key, known);
    if (!near.empty())
        throw Error(WEFT_TEXT("Target", "A target of the kind %1 has no field %2. Did you mean %3?"), nameOf(kind), key, near);
    throw Error(WEFT_TEXT("Target", "A target of the kind %1 has no field %2. weft target fields %1 lists them."), nameOf(kind), key);
}

} // namespace

const char* nameOf(TargetKind kind)
{
    return kindNames[static_cast<std::size_t>(kind)];
}

TargetKind targetKind(const std::string& name)
{
    for (std::size_t i = 0; i < std::size(kindNames); ++i) {
        if (name == kindNames[i])
            return static_cast<TargetKind>(i);
    }
    throw Error(WEFT_TEXT("Target", "\"%1\" is no kind of target. The kinds are local, mpi, slurm and kubernetes."), name);
}

std::string Target::value(const std::string& key) const
{
    const auto it = fields.find(key);
    return it != fields.end() ? it->second : fieldOf(kind, key).fallback;
}

std::int64_t Target::integer(const std::string& key) const
{
    return wholeNumber(value(key)).value_or(0);
}

std::vector<std::string> Target::list(const std::string& key) const
{
    return splitList(value(key));
}

std::vector<std::pair<std::string, std::string>> Target::pairs(const std::string& key) const
{
    std::vector<std::pair<std::string, std::string>> all;
    for (const std::string& part : list(key)) {
        const std::size_t equals = part.find('=');
        all.emplace_back(part.substr(0, equals), part.substr(equals + 1));
    }
    return all;
}

std::vector<HostSlots> Target::hosts(const std::string& key) const
{
    std::vector<HostSlots> all;
    for (const std::string& part : list(key)) {
        const std::size_t colon = part.find(':');
        all.push_back({part.substr(0, colon), colon == std::string::npos ? 1 : static_cast<int>(wholeNumber(part.substr(colon + 1)).value_or(1))});
    }
    return all;
}

std::int64_t rankCount(const Target& target)
{
    switch (target.kind) {
    case TargetKind::Slurm: return target.integer("nodes") * target.integer("ranksPerNode");
    case TargetKind::Kubernetes: return target.integer("workers") * target.integer("ranksPerWorker");
    case TargetKind::Mpi: break;
    default: return target.integer("ranks");
    }
    std::int64_t ranks = 0;
    for (const HostSlots& host : target.hosts("hosts"))
        ranks += host.ranks;
    return ranks;
}

void setField(Target& target, const std::string& key, const std::string& value)
{
    const TargetField& field = fieldOf(target.kind, key);
    if (value.empty()) {
        target.fields.erase(key);
        return;
    }
    checkValue(field, value);
    target.fields[key] = value;
}

void checkTarget(const Target& target)
{
    if (target.name.size() > 64 || !fits(target.name, "[A-Za-z0-9][A-Za-z0-9_-]*"))
        throw Error(WEFT_TEXT("Target", "\"%1\" is no name for a target: take up to 64 letters, digits, - and _."), target.name);
    for (const auto& [key, value] : target.fields)
        checkValue(fieldOf(target.kind, key), value);
    for (const TargetField& field : targetFields(target.kind)) {
        if (field.isRequired && target.value(field.key).empty())
            throw Error(WEFT_TEXT("Target", "The target %1 needs %2: give it as %2=VALUE."), target.name, field.key);
    }
}

} // namespace weft
