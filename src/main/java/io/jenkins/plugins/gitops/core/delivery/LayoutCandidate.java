package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.List;

/**
 * A location that looks like a target, and a pattern that would match it.
 *
 * @param application its application; null if it is not in the path
 * @param environment its environment
 * @param folder its folder
 * @param file the file that sets its images, from the repository's root; null when it is detected
 * @param pattern that matches this location and similar ones
 */
record LayoutCandidate(
        @CheckForNull String application,
        String environment,
        String folder,
        @CheckForNull String file,
        CandidatePattern pattern) {
    private static final String APP = "{" + LayoutPattern.APP + "}";
    private static final String ENV = "{" + LayoutPattern.ENV + "}";
    private static final String REGION = "{region}";

    /**
     * An entry of {@code applications}.
     *
     * @param application the constant name; null when it is in the path or file
     * @param environment template with several placeholders; null for that of the path
     */
    record CandidatePattern(
            String path,
            @CheckForNull String imageFile,
            @CheckForNull String application,
            @CheckForNull String environment) {}

    /**
     * @param env index of the segment with the environment
     * @param app index of the segment with the application; -1 for none
     * @param region index of a further segment of the environment's name; -1 for none
     */
    static LayoutCandidate ofFolder(List<String> segments, int env, int app, int region) {
        List<String> path = new ArrayList<>(segments);
        path.set(env, ENV);
        if (app >= 0) {
            path.set(app, APP);
        }
        if (region >= 0) {
            path.set(region, REGION);
        }
        return new LayoutCandidate(
                app < 0 ? null : segments.get(app),
                region < 0 ? segments.get(env) : segments.get(env) + "-" + segments.get(region),
                String.join("/", segments),
                null,
                new CandidatePattern(String.join("/", path), null, null, region < 0 ? null : ENV + "-" + REGION));
    }

    /** A file named after its application in the folder of an environment. */
    static LayoutCandidate ofFile(List<String> segments, int env, String app, String file) {
        List<String> path = new ArrayList<>(segments);
        path.set(env, ENV);
        String folder = String.join("/", segments);
        return new LayoutCandidate(
                app,
                segments.get(env),
                folder,
                folder + "/" + file,
                new CandidatePattern(String.join("/", path), APP + file.substring(app.length()), null, null));
    }

    /**
     * A file named after its environment in the folder of an application.
     *
     * @param app as for {@link #ofFolder}
     */
    static LayoutCandidate ofEnvironmentFile(List<String> segments, int app, String environment, String file) {
        List<String> path = new ArrayList<>(segments);
        if (app >= 0) {
            path.set(app, APP);
        }
        String folder = String.join("/", segments);
        return new LayoutCandidate(
                app < 0 ? null : segments.get(app),
                environment,
                folder,
                folder + "/" + file,
                new CandidatePattern(String.join("/", path), file.replace(environment, ENV), null, null));
    }

    /** A copy with this application, if the path contains none. */
    LayoutCandidate named(String name) {
        return application != null
                ? this
                : new LayoutCandidate(
                        name,
                        environment,
                        folder,
                        file,
                        new CandidatePattern(pattern.path(), pattern.imageFile(), name, pattern.environment()));
    }

    /** {@code application/environment}. */
    String id() {
        return application + "/" + environment;
    }
}
