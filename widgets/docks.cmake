# Sources of the panels around a run: training, data, predictions, runs.
set(WEFT_DOCKS_SOURCES
  run_controller.cpp run_controller.h
  worker_client.cpp worker_client.h
  runs/event_feed.cpp runs/event_feed.h
  runs/launch.cpp runs/launch.h
  runs/program.cpp runs/program.h
  runs/run_list.cpp runs/run_list.h
  training/curves.cpp training/curves.h
  training/curve_plot.cpp training/curve_plot.h
  training/training_panel.cpp training/training_panel.h
)
# QCustomPlot's header uses Qt's keywords, which the rest of the Studio does without.
set_source_files_properties(${CMAKE_CURRENT_LIST_DIR}/training/curve_plot.cpp PROPERTIES COMPILE_OPTIONS "-UQT_NO_KEYWORDS;-UQT_NO_FOREACH")
