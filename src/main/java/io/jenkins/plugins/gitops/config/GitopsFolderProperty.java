package io.jenkins.plugins.gitops.config;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import com.cloudbees.hudson.plugins.folder.AbstractFolderProperty;
import com.cloudbees.hudson.plugins.folder.AbstractFolderPropertyDescriptor;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.core.model.AllowedTargets;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.List;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/**
 * What the jobs below a folder may change. {@link FolderRestrictions} decides which restrictions are in force and who
 * may loosen them.
 */
@Restricted(NoExternalUse.class)
public final class GitopsFolderProperty extends AbstractFolderProperty<AbstractFolder<?>> {
    private String repositories;
    private String applications;
    private String environments;
    /**
     * Whether the user who created this object, by form or config.xml, may loosen restrictions. Never read from a file.
     */
    private transient boolean byAdministrator;

    @DataBoundConstructor
    public GitopsFolderProperty() {
        byAdministrator = mayWiden();
    }

    /** A property with these restrictions. */
    static GitopsFolderProperty of(AllowedTargets allowedTargets) {
        GitopsFolderProperty property = new GitopsFolderProperty();
        property.repositories = joined(allowedTargets.repositories());
        property.applications = joined(allowedTargets.applications());
        property.environments = joined(allowedTargets.environments());
        return property;
    }

    @CheckForNull
    private static String joined(List<String> names) {
        return NameValidation.normalizeList(String.join(",", names));
    }

    private Object readResolve() {
        byAdministrator = mayWiden();
        return this;
    }

    private static boolean mayWiden() {
        return Jenkins.get().hasPermission(Jenkins.ADMINISTER);
    }

    boolean isByAdministrator() {
        return byAdministrator;
    }

    /** Comma-separated names of config repositories, with {@code *} for any characters; null for all. */
    @CheckForNull
    public String getRepositories() {
        return repositories;
    }

    /** @throws IllegalArgumentException when an entry is not a valid name */
    @DataBoundSetter
    public void setRepositories(@CheckForNull String repositories) {
        this.repositories = checked("repository", repositories);
    }

    /** Comma-separated names of applications, with {@code *} for any characters; null for all. */
    @CheckForNull
    public String getApplications() {
        return applications;
    }

    /** @throws IllegalArgumentException when an entry is not a valid name */
    @DataBoundSetter
    public void setApplications(@CheckForNull String applications) {
        this.applications = checked("application", applications);
    }

    /** Comma-separated names of environments, with {@code *} for any characters; null for all. */
    @CheckForNull
    public String getEnvironments() {
        return environments;
    }

    /** @throws IllegalArgumentException when an entry is not a valid name */
    @DataBoundSetter
    public void setEnvironments(@CheckForNull String environments) {
        this.environments = checked("environment", environments);
    }

    AllowedTargets allowedTargets() {
        return new AllowedTargets(list(repositories), list(applications), list(environments));
    }

    private static List<String> list(@CheckForNull String names) {
        return List.copyOf(NameValidation.split(names));
    }

    @CheckForNull
    private static String checked(String what, @CheckForNull String names) {
        try {
            NameValidation.checkPatterns(what, names);
        } catch (UserErrorException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return NameValidation.normalizeList(names);
    }

    @Override
    protected void setOwner(@NonNull AbstractFolder<?> folder) {
        super.setOwner(folder);
        FolderRestrictions.get().folderLoaded(folder, this);
    }

    @Extension
    @Symbol("gitopsLimits")
    public static final class DescriptorImpl extends AbstractFolderPropertyDescriptor {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.GitopsFolderProperty_displayName();
        }

        /**
         * The form of a folder always contains these fields; if all are empty, there is no property. Rejects a
         * forbidden loosening of restrictions here, before anything is saved.
         */
        @CheckForNull
        @Override
        public AbstractFolderProperty<?> newInstance(@CheckForNull StaplerRequest2 request, JSONObject form)
                throws FormException {
            try {
                GitopsFolderProperty property = new GitopsFolderProperty();
                property.setRepositories(form.optString("repositories"));
                property.setApplications(form.optString("applications"));
                property.setEnvironments(form.optString("environments"));
                if (request != null) {
                    requireWithin(request.findAncestorObject(AbstractFolder.class), property);
                }
                return property.allowedTargets().equals(AllowedTargets.NONE) ? null : property;
            } catch (IllegalArgumentException e) {
                throw new FormException(e.getMessage(), e, "gitopsLimits");
            }
        }

        private static void requireWithin(@CheckForNull AbstractFolder<?> folder, GitopsFolderProperty property)
                throws FormException {
            AllowedTargets old = folder == null
                    ? AllowedTargets.NONE
                    : FolderRestrictions.get().allowedTargets(folder);
            if (!property.allowedTargets().isWithin(old) && !property.isByAdministrator()) {
                throw new FormException(
                        Messages.GitopsFolderProperty_administratorsOnly(old.describe()), "gitopsLimits");
            }
        }

        @POST
        public FormValidation doCheckRepositories(
                @AncestorInPath AbstractFolder<?> folder, @QueryParameter String value) {
            return check(folder, "repository", value);
        }

        @POST
        public FormValidation doCheckApplications(
                @AncestorInPath AbstractFolder<?> folder, @QueryParameter String value) {
            return check(folder, "application", value);
        }

        @POST
        public FormValidation doCheckEnvironments(
                @AncestorInPath AbstractFolder<?> folder, @QueryParameter String value) {
            return check(folder, "environment", value);
        }

        /** Checks only the text, so that the result does not reveal which names exist. */
        private static FormValidation check(@CheckForNull AbstractFolder<?> folder, String what, String names) {
            boolean allowed = folder == null
                    ? Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                    : folder.hasPermission(Item.CONFIGURE);
            return allowed ? FormChecks.result(() -> NameValidation.checkPatterns(what, names)) : FormValidation.ok();
        }
    }
}
