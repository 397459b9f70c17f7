package io.jenkins.plugins.gitops.core.image;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/** A YAML or JSON file in which one image can be set, from a seed. */
interface ImageFileSample {
    /** A name for the content. */
    String file();

    String text();

    /** How the image is found. */
    ImageSearch search();

    /** The name of the image that is set. */
    String image();

    /** The paths of the value, each beginning with the index of the document; several if it is used at several places. */
    List<List<Object>> paths();

    /** The value at the paths when the image has this tag. */
    String value(String tag);

    /** How many lines have the value; fewer than the paths where it is shared. */
    default int lines() {
        return paths().size();
    }

    /** A kind of files. */
    record SampleKind(String name, LongFunction<ImageFileSample> sample) {
        ImageFileSample of(long seed) {
            return sample.apply(seed);
        }

        @Override
        public String toString() {
            return name;
        }

        static List<SampleKind> all() {
            List<SampleKind> kinds = new ArrayList<>();
            for (GeneratedImageFile.OccurrenceKind kind : GeneratedImageFile.OccurrenceKind.values()) {
                kinds.add(new SampleKind(kind.name(), seed -> new GeneratedImageFile(kind, seed)));
            }
            for (GeneratedPlaces.PlaceKind kind : GeneratedPlaces.PlaceKind.values()) {
                kinds.add(new SampleKind(kind.name(), seed -> new GeneratedPlaces(kind, seed)));
            }
            return kinds;
        }
    }
}
