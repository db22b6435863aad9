# Tests of the panels around a run.
foreach(name docks_curves docks_runs docks_settings docks_data docks_forecast docks_predictions docks_worker)
  weft_test(${name}_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/${name}_test.cpp LIBS weft_widgets)
endforeach()
