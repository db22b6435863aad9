# Tests of what surrounds the canvas: start page, tour, help, languages, names for screen readers, keys, targets.
foreach(name around_start around_tour around_help around_language around_accessibility around_keys around_keyboard around_actions around_target around_train)
  weft_test(${name}_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/${name}_test.cpp LIBS weft_widgets)
endforeach()
weft_test(around_desktop_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/around_desktop_test.cpp)
