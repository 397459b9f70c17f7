package io.jenkins.plugins.gitops.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Job;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.springframework.security.access.AccessDeniedException;

/**
 * Turns the build trailer of a commit into a link if it refers to a build of this Jenkins that the user may see. Any
 * user who can push can write the trailer, so no part of it is used in a URL: the URL is that of the job found here.
 */
final class BuildLinks {
    private static final Pattern URL_PATH = Pattern.compile("((?:job/[^/?#]+/)+)([1-9][0-9]{0,9})/?");
    private static final Pattern EXTERNAL_ID = Pattern.compile("([^?#]+)#([1-9][0-9]{0,9})");

    private final Map<String, Optional<Job<?, ?>>> jobs = new HashMap<>();
    private final String root = Jenkins.get().getRootUrl();

    /**
     * @param text name of the build, or the text of the trailer
     * @param url relative to the root of Jenkins, encoded; null when there is no build to link to
     */
    @Restricted(NoExternalUse.class)
    public record BuildLink(String text, @CheckForNull String url) {}

    /** @param build value of the trailer: the URL of a build, or its external id */
    BuildLink of(String build) {
        String name = null;
        String number = null;
        Matcher path = root != null && build.startsWith(root) ? URL_PATH.matcher(build.substring(root.length())) : null;
        Matcher id = EXTERNAL_ID.matcher(build);
        if (path != null && path.matches()) {
            name = nameOf(path.group(1));
            number = path.group(2);
        } else if (id.matches()) {
            name = id.group(1);
            number = id.group(2);
        }
        Job<?, ?> job = name == null
                ? null
                : jobs.computeIfAbsent(name, BuildLinks::find).orElse(null);
        return job == null
                ? new BuildLink(build, null)
                : new BuildLink(job.getFullDisplayName() + " #" + number, job.getUrl() + number + "/");
    }

    @CheckForNull
    private static String nameOf(String path) {
        String withoutEnds = path.substring("job/".length(), path.length() - 1);
        try {
            return URLDecoder.decode(withoutEnds.replace("/job/", "/").replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Optional<Job<?, ?>> find(String name) {
        try {
            Job<?, ?> job = Jenkins.get().getItemByFullName(name, Job.class);
            return Optional.ofNullable(job);
        } catch (AccessDeniedException e) {
            return Optional.empty();
        }
    }
}
