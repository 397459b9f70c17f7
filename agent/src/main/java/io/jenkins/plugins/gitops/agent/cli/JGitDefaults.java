package io.jenkins.plugins.gitops.agent.cli;

import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;

/**
 * Makes JGit ignore all configuration outside a repository. By default, JGit measures for three seconds the timestamp
 * resolution of each new file system, leaves files there, and stores the result in the user's configuration folder.
 * With concurrent processes, or if the folder is not writable, this results in stack traces. A clone is locked by one
 * process, so the coarsest resolution is sufficient.
 */
final class JGitDefaults extends SystemReader.Delegate {
    private JGitDefaults(SystemReader system) {
        super(system);
    }

    /** Installs this for the process; must be called before any other use of JGit. */
    static void install() {
        SystemReader.setInstance(new JGitDefaults(SystemReader.getInstance()));
    }

    @Override
    public FileBasedConfig openUserConfig(Config parent, FS fs) {
        return new NoFile(parent, fs);
    }

    @Override
    public FileBasedConfig openSystemConfig(Config parent, FS fs) {
        return new NoFile(parent, fs);
    }

    @Override
    public FileBasedConfig openJGitConfig(Config parent, FS fs) {
        return new NoFile(parent, fs);
    }

    private static final class NoFile extends FileBasedConfig {
        NoFile(Config parent, FS fs) {
            super(parent, null, fs);
        }

        @Override
        public boolean isOutdated() {
            return false;
        }

        @Override
        public void load() {
            // There is no file.
        }

        @Override
        public void save() {
            // The settings apply only to this process.
        }

        /** The resolution that JGit assumes if it cannot measure it. */
        @Override
        public long getTimeUnit(String section, String subsection, String name, long defaultValue, TimeUnit unit) {
            return section.equals(ConfigConstants.CONFIG_FILESYSTEM_SECTION)
                            && name.equals(ConfigConstants.CONFIG_KEY_TIMESTAMP_RESOLUTION)
                    ? unit.convert(FS.FileStoreAttributes.FALLBACK_TIMESTAMP_RESOLUTION)
                    : super.getTimeUnit(section, subsection, name, defaultValue, unit);
        }
    }
}
