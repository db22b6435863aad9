# Tests of targets in the Studio.
foreach(name targets_form)
  weft_test(${name}_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/${name}_test.cpp LIBS weft_widgets)
  add_dependencies(${name}_test weft-cli)
endforeach()
