package io.jenkins.plugins.gitops.core.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;

/**
 * One application in one environment.
 *
 * @param application for example {@code payments-api}
 * @param environment for example {@code staging}
 * @param path folder in the config repository, without leading or trailing slash
 * @param imageFile path of the file that holds the image, relative to the repository's root; null until it is looked for
 * @param imagePaths dotted paths of the images in Helm values, for example {@code backend.image}; empty means the usual one
 * @param applicationName name of the Application that deploys it, where the folder alone does not tell the target,
 *     since other environments are deployed from it too; null when whatever deploys the folder deploys the target
 * @param agent the only agent that may speak for it; null for any
 * @param images where its images are set, without placeholders; empty when they are looked for
 */
public record Target(
        String application,
        String environment,
        String path,
        @CheckForNull String imageFile,
        List<String> imagePaths,
        @CheckForNull String applicationName,
        @CheckForNull AgentReference agent,
        List<ImageRule> images) {

    public Target {
        imagePaths = List.copyOf(imagePaths);
        images = List.copyOf(images);
    }

    /** Whose images are looked for. */
    public Target(
            String application,
            String environment,
            String path,
            @CheckForNull String imageFile,
            List<String> imagePaths,
            @CheckForNull String applicationName,
            @CheckForNull AgentReference agent) {
        this(application, environment, path, imageFile, imagePaths, applicationName, agent, List.of());
    }

    /** With the usual image path. */
    public Target(String application, String environment, String path, @CheckForNull String imageFile) {
        this(application, environment, path, imageFile, List.of(), null, null);
    }

    /** Of any agent. */
    public Target(
            String application,
            String environment,
            String path,
            @CheckForNull String imageFile,
            List<String> imagePaths,
            @CheckForNull String reportedAs) {
        this(application, environment, path, imageFile, imagePaths, reportedAs, null);
    }

    /** The same of an application of this name. */
    public Target withApplication(String name) {
        return new Target(name, environment, path, imageFile, imagePaths, applicationName, agent, images);
    }

    /** The same with its image file known. */
    public Target withImageFile(String file) {
        return new Target(application, environment, path, file, imagePaths, applicationName, agent, images);
    }

    /** The same, deployed by one agent and no other; null for any. */
    public Target withAgent(@CheckForNull AgentReference by) {
        return new Target(application, environment, path, imageFile, imagePaths, applicationName, by, images);
    }

    /** The same with its images set where these rules say. */
    public Target withImages(List<ImageRule> rules) {
        return new Target(application, environment, path, imageFile, imagePaths, applicationName, agent, rules);
    }

    /** Whether what an agent says can be about this target at all. */
    public boolean isDeployedBy(AgentKind kind, String agent) {
        return this.agent == null
                || this.agent.kind() == kind && this.agent.agent().equals(agent);
    }

    /** Whether a report of the target's folder by an Application of this name is about the target. */
    public boolean isReportedUnder(String name) {
        return applicationName == null || applicationName.equals(name);
    }

    /** {@code application/environment}, as in the {@code Gitops-Target} trailer. */
    public String id() {
        return application + "/" + environment;
    }

    /** Whether a file of the repository lies in this target's folder. */
    public boolean contains(String file) {
        return file.startsWith(path + "/");
    }

    @Override
    public String toString() {
        return id();
    }
}
