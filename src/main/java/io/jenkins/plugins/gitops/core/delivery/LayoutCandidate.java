package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.List;

/**
 * A place that looks like a target, and the pattern that would lead to it.
 *
 * @param application its application; null where the path does not name it
 * @param environment its environment
 * @param folder its folder
 * @param file the file that sets its images, from the repository's root; null when it is looked for
 * @param pattern that leads to it and to others like it
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
     * @param application the constant name; null when the path or file has it
     * @param environment made of several placeholders; null when it is that of the path
     */
    record CandidatePattern(
            String path,
            @CheckForNull String imageFile,
            @CheckForNull String application,
            @CheckForNull String environment) {}

    /**
     * @param env index of the segment that is the environment
     * @param app index of the segment that is the application; -1 when none is
     * @param region index of a segment that belongs to the environment's name, too; -1 when none does
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

    /** A file called after its application in the folder of an environment. */
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

    /** A file called after its environment in the folder of an application. @param app as for {@link #ofFolder} */
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

    /** With this name where the path has none. */
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
