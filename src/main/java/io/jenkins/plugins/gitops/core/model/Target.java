package io.jenkins.plugins.gitops.core.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;

/**
 * One application in one environment.
 *
 * @param application for example {@code payments-api}
 * @param environment for example {@code staging}
 * @param path folder in the config repository, without leading or trailing slash
 * @param imageFile path of the file with the image, relative to the repository's root; null until it is known
 * @param imagePaths dotted paths of the images in Helm values, for example {@code backend.image}; empty for the default
 *     path
 * @param applicationName name of the Application that deploys it, if the folder alone does not identify the target
 *     because other environments are deployed from it too; null if any Application of the folder deploys the target
 * @param agent the only agent that may report it; null for any
 * @param images where its images are set, without placeholders; empty if they are searched for
 * @param branch the branch that its files are on; null where {@code gitops.yaml} names no branches of environments
 */
public record Target(
        String application,
        String environment,
        String path,
        @CheckForNull String imageFile,
        List<String> imagePaths,
        @CheckForNull String applicationName,
        @CheckForNull AgentReference agent,
        List<ImageRule> images,
        @CheckForNull TreeBranch branch) {

    public Target {
        imagePaths = List.copyOf(imagePaths);
        images = List.copyOf(images);
    }

    /** Creates a target whose images are searched for. */
    public Target(
            String application,
            String environment,
            String path,
            @CheckForNull String imageFile,
            List<String> imagePaths,
            @CheckForNull String applicationName,
            @CheckForNull AgentReference agent) {
        this(application, environment, path, imageFile, imagePaths, applicationName, agent, List.of(), null);
    }

    /** Creates a target with the default image path. */
    public Target(String application, String environment, String path, @CheckForNull String imageFile) {
        this(application, environment, path, imageFile, List.of(), null, null);
    }

    /** Creates a target that any agent may report. */
    public Target(
            String application,
            String environment,
            String path,
            @CheckForNull String imageFile,
            List<String> imagePaths,
            @CheckForNull String reportedAs) {
        this(application, environment, path, imageFile, imagePaths, reportedAs, null);
    }

    /** Returns a copy with another application name. */
    public Target withApplication(String name) {
        return new Target(name, environment, path, imageFile, imagePaths, applicationName, agent, images, branch);
    }

    /** Returns a copy with its image file. */
    public Target withImageFile(String file) {
        return new Target(application, environment, path, file, imagePaths, applicationName, agent, images, branch);
    }

    /** Returns a copy that only one agent may report; null for any. */
    public Target withAgent(@CheckForNull AgentReference by) {
        return new Target(application, environment, path, imageFile, imagePaths, applicationName, by, images, branch);
    }

    /** Returns a copy with rules for its images. */
    public Target withImages(List<ImageRule> rules) {
        return new Target(application, environment, path, imageFile, imagePaths, applicationName, agent, rules, branch);
    }

    /** Returns a copy that is on a branch; null if all targets are on one. */
    public Target withBranch(@CheckForNull TreeBranch on) {
        return new Target(application, environment, path, imageFile, imagePaths, applicationName, agent, images, on);
    }

    /** Whether this agent may report the target. */
    public boolean isDeployedBy(AgentKind kind, String agent) {
        return this.agent == null
                || this.agent.kind() == kind && this.agent.agent().equals(agent);
    }

    /** Whether an Application of this name that deploys the target's folder deploys the target. */
    public boolean isReportedUnder(String name) {
        return applicationName == null || applicationName.equals(name);
    }

    /** The branch that its files are on; null for the one that {@code gitops.yaml} is read from. */
    @CheckForNull
    public String environmentBranch() {
        return branch == null ? null : branch.environmentBranch();
    }

    /** {@code application/environment}, as in the {@code Gitops-Target} trailer. */
    public String id() {
        return application + "/" + environment;
    }

    /** Whether a file of the repository is in this target's folder. */
    public boolean contains(String file) {
        return file.startsWith(path + "/");
    }

    @Override
    public String toString() {
        return id();
    }
}
