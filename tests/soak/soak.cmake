# What takes minutes: the Studio under random events, and random edits in full. Some seconds of the edits are among the unit
# tests; of the events none are, since what they find depends on what other processes answer meanwhile.
set(soak ${CMAKE_CURRENT_LIST_DIR})
weft_test(studio_soak SOURCES ${soak}/studio_soak.cpp ${soak}/random_hands.cpp ${soak}/random_events.cpp LIBS weft_widgets LABELS soak)

# weft_long(NAME TEST ENVIRONMENT…): an existing test with other settings, in a home of its own.
function(weft_long name test)
  get_test_property(${test} ENVIRONMENT environment)
  set(home ${CMAKE_BINARY_DIR}/test-home/${name})
  string(REPLACE ${CMAKE_BINARY_DIR}/test-home/${test} ${home} environment "${environment}")
  add_test(NAME ${name} COMMAND ${CMAKE_SOURCE_DIR}/tests/fresh_home ${home} $<TARGET_FILE:${test}>)
  set_tests_properties(${name} PROPERTIES LABELS soak TIMEOUT 7200 RUN_SERIAL ON ENVIRONMENT "${environment};${ARGN}")
endfunction()
weft_long(studio_soak_long studio_soak WEFT_SOAK_SECONDS=600)
weft_long(widgets_random_long widgets_random_test WEFT_EDITS=100000 WEFT_EVENTS=100000 QTEST_FUNCTION_TIMEOUT=7200000)
