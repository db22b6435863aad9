// libweft_listening.so, loaded before mpirun, its daemons and ranks (LD_PRELOAD). Open MPI 4.1 has its ports listen on every
// address of a host, whichever networks it is told to use, and knows no setting for that. Here a socket that would, listens
// on the address that its host has in WEFT_LISTENING instead: networks as Open MPI's if_include writes them, names of cards or
// ADDRESS/BITS, parted by commas. Where a host has none, or several, all stays as it was.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include <arpa/inet.h>
#include <dlfcn.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace {

/// Whether the first `bits` of two addresses in network order agree.
bool agree(const unsigned char* a, const unsigned char* b, int bits)
{
    const int whole = bits / 8, rest = bits % 8;
    if (std::memcmp(a, b, static_cast<std::size_t>(whole)) != 0)
        return false;
    return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

/// The bytes of an address; null where it is none of the internet's.
unsigned char* bytesOf(sockaddr* address)
{
    if (address->sa_family == AF_INET)
        return reinterpret_cast<unsigned char*>(&reinterpret_cast<sockaddr_in*>(address)->sin_addr);
    if (address->sa_family == AF_INET6)
        return reinterpret_cast<unsigned char*>(&reinterpret_cast<sockaddr_in6*>(address)->sin6_addr);
    return nullptr;
}

/// Whether an address of a card lies in a network: the card's name, or ADDRESS/BITS.
bool lies(const ifaddrs& card, std::string_view network)
{
    if (network == card.ifa_name)
        return true;
    const std::size_t slash = network.find('/');
    char text[INET6_ADDRSTRLEN] = {};
    if (slash == std::string_view::npos || slash >= sizeof text)
        return false;
    network.copy(text, slash);
    const int family = card.ifa_addr->sa_family, most = family == AF_INET ? 32 : 128;
    const int bits = std::atoi(network.data() + slash + 1);
    unsigned char wanted[sizeof(in6_addr)];
    return inet_pton(family, text, wanted) == 1 && bits >= 0 && bits <= most && agree(wanted, bytesOf(card.ifa_addr), bits);
}

bool liesInAny(const ifaddrs& card, std::string_view networks)
{
    while (!networks.empty()) {
        const std::size_t comma = std::min(networks.find(','), networks.size());
        if (lies(card, networks.substr(0, comma)))
            return true;
        networks.remove_prefix(std::min(comma + 1, networks.size()));
    }
    return false;
}

/// What a socket for every address, of the family of `address`, is to listen on instead: the one address of this host in
/// `networks`, or itself alone where the networks are all of the other family (Open MPI takes a socket that fails for a
/// fault). False where neither is so.
bool narrow(sockaddr* address, std::string_view networks)
{
    ifaddrs* cards = nullptr;
    if (getifaddrs(&cards) != 0)
        return false;
    const bool isOld = address->sa_family == AF_INET;
    unsigned char found[sizeof(in6_addr)] = {127, 0, 0, 1};
    if (!isOld)
        std::memcpy(found, &in6addr_loopback, sizeof found);
    const std::size_t size = isOld ? sizeof(in_addr) : sizeof(in6_addr);
    int own = 0, others = 0;
    for (const ifaddrs* card = cards; card; card = card->ifa_next) {
        if (!card->ifa_addr || !bytesOf(card->ifa_addr) || !liesInAny(*card, networks))
            continue;
        if (card->ifa_addr->sa_family != address->sa_family) {
            ++others;
        } else if (++own == 1) {
            std::memcpy(found, bytesOf(card->ifa_addr), size);
        }
    }
    freeifaddrs(cards);
    if (own > 1 || own + others == 0)
        return false;
    std::memcpy(bytesOf(address), found, size);
    return true;
}

bool isEveryAddress(sockaddr* address)
{
    const unsigned char* bytes = bytesOf(address);
    return bytes && std::all_of(bytes, bytes + (address->sa_family == AF_INET ? 4 : 16), [](unsigned char byte) { return byte == 0; });
}

} // namespace

extern "C" __attribute__((visibility("default"))) int bind(int descriptor, const sockaddr* address, socklen_t length) noexcept
{
    using Bind = int (*)(int, const sockaddr*, socklen_t);
    static const Bind next = reinterpret_cast<Bind>(dlsym(RTLD_NEXT, "bind"));
    const char* networks = std::getenv("WEFT_LISTENING");
    sockaddr_storage narrowed{};
    if (!networks || !address || length > sizeof narrowed)
        return next(descriptor, address, length);
    std::memcpy(&narrowed, address, length);
    auto* mine = reinterpret_cast<sockaddr*>(&narrowed);
    return next(descriptor, isEveryAddress(mine) && narrow(mine, networks) ? mine : address, length);
}
