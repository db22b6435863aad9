# Tests of targets in the Studio.
foreach(name targets_form targets_panel targets_run)
  weft_test(${name}_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/${name}_test.cpp LIBS weft_widgets)
  add_dependencies(${name}_test weft-cli)
endforeach()
if(TARGET weft_mpi)
  add_dependencies(targets_run_test weft_mpi)
  add_dependencies(targets_panel_test weft_mpi)
endif()
# It trains by real ranks, which other tests at the same time would delay.
set_tests_properties(targets_run_test PROPERTIES RUN_SERIAL ON)
