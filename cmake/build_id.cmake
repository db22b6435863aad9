# Writes OUTPUT, a header with the build id: the version and a hash of HEADERS. Run at build time, so
# that a changed header changes the id without a new configuration.
set(all "")
foreach(header IN LISTS HEADERS)
  file(SHA256 ${header} hash)
  string(APPEND all ${hash})
endforeach()
string(SHA256 id "${all}")
string(SUBSTRING ${id} 0 12 id)
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "#pragma once\n\n#define WEFT_BUILD_ID \"${VERSION}-${id}\"\n")
