// Each icon on its own: Metro does not shake trees, and the whole set is half a megabyte.
import ArrowLeft from 'lucide-react-native/icons/arrow-left';
import BellRing from 'lucide-react-native/icons/bell-ring';
import Camera from 'lucide-react-native/icons/camera';
import Check from 'lucide-react-native/icons/check';
import ChevronDown from 'lucide-react-native/icons/chevron-down';
import ChevronLeft from 'lucide-react-native/icons/chevron-left';
import ChevronRight from 'lucide-react-native/icons/chevron-right';
import CircleAlert from 'lucide-react-native/icons/circle-alert';
import Clock from 'lucide-react-native/icons/clock';
import Copy from 'lucide-react-native/icons/copy';
import Ellipsis from 'lucide-react-native/icons/ellipsis';
import Smile from 'lucide-react-native/icons/face-slightly-smiling';
import Gauge from 'lucide-react-native/icons/gauge';
import Hand from 'lucide-react-native/icons/hand';
import Hash from 'lucide-react-native/icons/hash';
import Info from 'lucide-react-native/icons/info';
import Keyboard from 'lucide-react-native/icons/keyboard';
import LayoutGrid from 'lucide-react-native/icons/layout-grid';
import Link from 'lucide-react-native/icons/link';
import Lock from 'lucide-react-native/icons/lock';
import LockOpen from 'lucide-react-native/icons/lock-open';
import LogOut from 'lucide-react-native/icons/log-out';
import Maximize from 'lucide-react-native/icons/maximize';
import MessageSquare from 'lucide-react-native/icons/message-square';
import Mic from 'lucide-react-native/icons/mic';
import MicOff from 'lucide-react-native/icons/mic-off';
import Minimize from 'lucide-react-native/icons/minimize';
import Monitor from 'lucide-react-native/icons/monitor';
import MonitorUp from 'lucide-react-native/icons/monitor-up';
import MonitorX from 'lucide-react-native/icons/monitor-x';
import Moon from 'lucide-react-native/icons/moon';
import Phone from 'lucide-react-native/icons/phone';
import PhoneIncoming from 'lucide-react-native/icons/phone-incoming';
import PhoneMissed from 'lucide-react-native/icons/phone-missed';
import PhoneOff from 'lucide-react-native/icons/phone-off';
import PhoneOutgoing from 'lucide-react-native/icons/phone-outgoing';
import PictureInPicture from 'lucide-react-native/icons/picture-in-picture-2';
import Pin from 'lucide-react-native/icons/pin';
import PinOff from 'lucide-react-native/icons/pin-off';
import Plus from 'lucide-react-native/icons/plus';
import RefreshCw from 'lucide-react-native/icons/refresh-cw';
import Send from 'lucide-react-native/icons/send';
import Settings from 'lucide-react-native/icons/settings';
import Signal from 'lucide-react-native/icons/signal';
import SlidersHorizontal from 'lucide-react-native/icons/sliders-horizontal';
import Smartphone from 'lucide-react-native/icons/smartphone';
import SwitchCamera from 'lucide-react-native/icons/switch-camera';
import UserPlus from 'lucide-react-native/icons/user-plus';
import UserRound from 'lucide-react-native/icons/user-round';
import UserX from 'lucide-react-native/icons/user-x';
import Users from 'lucide-react-native/icons/users';
import Video from 'lucide-react-native/icons/video';
import VideoOff from 'lucide-react-native/icons/video-off';
import Volume2 from 'lucide-react-native/icons/volume-2';
import WifiOff from 'lucide-react-native/icons/wifi-off';
import X from 'lucide-react-native/icons/x';
export const icons = {
  back: ArrowLeft,
  camera: Camera,
  check: Check,
  down: ChevronDown,
  left: ChevronLeft,
  right: ChevronRight,
  alert: CircleAlert,
  clock: Clock,
  copy: Copy,
  channel: Hash,
  info: Info,
  link: Link,
  lock: Lock,
  signOut: LogOut,
  message: MessageSquare,
  mic: Mic,
  micOff: MicOff,
  monitor: Monitor,
  moon: Moon,
  phone: Phone,
  phoneIncoming: PhoneIncoming,
  phoneMissed: PhoneMissed,
  phoneOff: PhoneOff,
  phoneOutgoing: PhoneOutgoing,
  plus: Plus,
  refresh: RefreshCw,
  send: Send,
  settings: Settings,
  signal: Signal,
  devices: SlidersHorizontal,
  smartphone: Smartphone,
  switchCamera: SwitchCamera,
  userPlus: UserPlus,
  users: Users,
  video: Video,
  videoOff: VideoOff,
  sound: Volume2,
  offline: WifiOff,
  close: X,
  bell: BellRing,
  more: Ellipsis,
  keyboard: Keyboard,
  fullScreen: Maximize,
  leaveFullScreen: Minimize,
  pictureInPicture: PictureInPicture,
  hand: Hand,
  share: MonitorUp,
  stopSharing: MonitorX,
  smile: Smile,
  pin: Pin,
  unpin: PinOff,
  grid: LayoutGrid,
  speaker: UserRound,
  unlock: LockOpen,
  remove: UserX,
  saver: Gauge,
} as const;

export type IconName = keyof typeof icons;
