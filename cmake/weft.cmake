# Helpers of the build: rooms, generated catalogues, tests.

# -Wrestrict of GCC 12 warns inside its own std::string (GCC bug 105651).
set(WEFT_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-restrict)
if(WEFT_SANITIZE)
  add_compile_options(-fsanitize=${WEFT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=${WEFT_SANITIZE})
endif()

# weft_room(NAME SOURCES… [LIBS libraries…]): one room of core as an object library. libweft collects
# them all; WEFT_ENGINE_ONLY links the ones it needs. A room without sources does not exist yet.
function(weft_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LIBS" ${ARGN})
  if(NOT ROOM_SOURCES)
    return()
  endif()
  add_library(weft_${name} OBJECT ${ROOM_SOURCES})
  target_include_directories(weft_${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_compile_options(weft_${name} PRIVATE ${WEFT_WARNINGS} -fno-math-errno)
  target_link_libraries(weft_${name} PUBLIC Threads::Threads PRIVATE OpenMP::OpenMP_CXX)
  if(ROOM_LIBS)
    target_link_libraries(weft_${name} PUBLIC ${ROOM_LIBS})
  endif()
  set_property(GLOBAL APPEND PROPERTY WEFT_ROOMS weft_${name})
endfunction()

# max_pool2d → maxPool2d
function(weft_camel snake out)
  string(REPLACE "_" ";" words ${snake})
  set(camel "")
  foreach(word IN LISTS words)
    if(camel)
      string(SUBSTRING ${word} 0 1 first)
      string(SUBSTRING ${word} 1 -1 rest)
      string(TOUPPER ${first} first)
      string(APPEND camel ${first}${rest})
    else()
      set(camel ${word})
    endif()
  endforeach()
  set(${out} ${camel} PARENT_SCOPE)
endfunction()

# ThreadSanitizer does not know libgomp's barriers: one thread there; repetition to the bit covers more.
# Qt's libraries are not instrumented, so what they touch is left out; their locks still count.
set(WEFT_TEST_SANITIZER "")
if(WEFT_SANITIZE MATCHES "thread")
  set(WEFT_TEST_SANITIZER ";OMP_THREAD_LIMIT=1;TSAN_OPTIONS=ignore_noninstrumented_modules=1:die_after_fork=0")
endif()

# weft_test(NAME SOURCES… [LIBS …] [LABELS …]): a Qt Test program, offscreen, with a private home.
function(weft_test name)
  cmake_parse_arguments(TEST "" "" "SOURCES;LIBS;LABELS" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  set_target_properties(${name} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_compile_options(${name} PRIVATE ${WEFT_WARNINGS})
  target_link_libraries(${name} PRIVATE weft Qt6::Test ${TEST_LIBS})
  if(NOT TEST_LABELS)
    set(TEST_LABELS unit)
  endif()
  set(home ${CMAKE_BINARY_DIR}/test-home/${name})
  add_test(NAME ${name} COMMAND ${CMAKE_SOURCE_DIR}/tests/fresh_home ${home} $<TARGET_FILE:${name}>)
  set_tests_properties(${name} PROPERTIES LABELS "${TEST_LABELS}" TIMEOUT 300
    ENVIRONMENT "QT_QPA_PLATFORM=offscreen;XDG_DATA_HOME=${home}/data;XDG_STATE_HOME=${home}/state;XDG_CONFIG_HOME=${home}/config;XDG_CACHE_HOME=${home}/cache;XDG_RUNTIME_DIR=${home};WEFT_PROGRAM=${CMAKE_BINARY_DIR}/bin/weft;WEFT_SOURCE_DIR=${CMAKE_SOURCE_DIR};LC_ALL=C.UTF-8;GOMP_SPINCOUNT=2000${WEFT_TEST_SANITIZER}")
endfunction()
